/* See columns.h. */

#include "columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_value(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

double scale_of(const double *values, int rows, double *centre) {
  double sum = 0, squares = 0, largest = 0;
  for (int i = 0; i < rows; i++) largest = fmax(largest, fabs(values[i]));
  if (largest == 0) largest = 1;
  for (int i = 0; i < rows; i++) sum += values[i] / largest;
  *centre = sum / rows * largest;
  for (int i = 0; i < rows; i++) {
    double off = values[i] / largest - *centre / largest;
    squares += off * off;
  }
  double scale = sqrt(squares / rows) * largest;
  return scale > 1e-14 * largest ? scale : 0;
}

/* The knots are distinct values, at even ranks if there are too many; never the least or the greatest, where a hinge
   would be the column itself or nothing. */
static void choose_knots(Column *column, const double *sorted, int rows, int most) {
  int distinct = 0;
  for (int i = 0; i < rows; i++) distinct += i == 0 || sorted[i] != sorted[i - 1];
  double last = sorted[0];
  for (int i = 0, k = 0; i < rows && column->knots < most; i++) {
    int is_due = distinct - 2 <= most || i >= (double)(k + 1) * rows / (most + 1);
    if (sorted[i] <= last || sorted[i] >= sorted[rows - 1] || !is_due) continue;
    while (distinct - 2 > most && i >= (double)(k + 1) * rows / (most + 1)) k++;
    last = column->given[column->knots] = sorted[i];
    column->at[column->knots++] = (sorted[i] - column->centre) / column->scale;
  }
}

int fill_column(Column *column, const double *values, int rows, int most, double *work) {
  column->scale = scale_of(values, rows, &column->centre);
  if (column->scale == 0) return 1; /* constant */
  column->at = malloc(most * sizeof(double));
  column->given = malloc(most * sizeof(double));
  column->bin = malloc(rows);
  column->x = malloc(rows * sizeof(double));
  if (!column->at || !column->given || !column->bin || !column->x) return 0;
  memcpy(work, values, rows * sizeof(double));
  qsort(work, rows, sizeof(double), by_value);
  choose_knots(column, work, rows, most);
  column->least = work[0];
  for (int i = 0; i < rows; i++) {
    int low = 0, high = column->knots;
    while (low < high) {
      int middle = (low + high) / 2;
      if (column->given[middle] < values[i]) low = middle + 1;
      else high = middle;
    }
    column->bin[i] = (unsigned char)low;
    column->x[i] = (values[i] - column->centre) / column->scale;
  }
  return 1;
}

void free_column(Column *column) {
  free(column->at);
  free(column->given);
  free(column->bin);
  free(column->x);
}
