/* A column of the data as the forward pass takes it: scaled, with its candidate knots and the rows between these. */

#ifndef COLUMNS_H
#define COLUMNS_H

typedef struct {
  int knots;
  double *at;         /* ascending, scaled */
  double *given;      /* the same, as in x */
  unsigned char *bin; /* for each row, the number of knots below it */
  double *x;          /* scaled */
  double centre, scale, least;
} Column;

/* The standard deviation of the values, and their mean; 0 if they are all equal but for rounding. */
double scale_of(const double *values, int rows, double *centre);

/* Fills a column of zeros, with at most `most` knots, from 2 to 255; `work` has as many elements as rows. Returns
   whether there was memory; `free_column` is called in any case. */
int fill_column(Column *column, const double *values, int rows, int most, double *work);

void free_column(Column *column);

#endif
