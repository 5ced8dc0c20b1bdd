# The R side of serving behind nginx: a parent process loads the model, forks a worker per core and replaces any that
# die. All workers accept on one socket, so that an idle one takes the next request. R can listen only on all addresses
# at once, so workers answer only requests with the key that nginx was given.

# Timeouts: until a client has sent the key, then for nginx to send the rest of a request and to read the answer. A busy
# machine can hold nginx up for seconds; SageMaker gives up after 60.
unauthenticated_s <- 5L
nginx_s <- 60L

# Opens a listening socket on a free port.
listen_somewhere <- function() {
  for (attempt in 1:100) {
    port <- sample(20000:32000, 1)
    socket <- tryCatch(suppressWarnings(serverSocket(port)), error = function(problem) NULL)
    if (!is.null(socket)) {
      return(list(socket = socket, port = port))
    }
  }
  stop("no free port found")
}

random_key <- function() {
  source <- file("/dev/urandom", "rb", raw = TRUE)
  on.exit(close(source))
  paste(readBin(source, "raw", 16), collapse = "")
}

# Answers one connection after another, as long as the parent, which would replace this worker, is alive.
work <- function(socket, key, model, parent) {
  options(warn = -1) # socketAccept warns each time it times out
  while (tools::pskill(parent, 0)) {
    connection <- tryCatch(
      socketAccept(socket, blocking = TRUE, open = "r+b", timeout = 1L, options = "no-delay"),
      error = function(timed_out) NULL
    )
    if (!is.null(connection)) {
      socketTimeout(connection, unauthenticated_s)
      tryCatch(converse(connection, key, model), error = function(problem) message(conditionMessage(problem)))
      close(connection)
    }
  }
}

converse <- function(connection, key, model) {
  request <- read_request(connection, key)
  if (is.null(request)) {
    return()
  }
  answer <- respond(request, model)
  if (answer$status == 500L) message(answer$body)
  writeBin(write_scgi_answer(answer), connection)
}

# NULL if the request is cut off or lacks the key.
read_request <- function(connection, key) {
  digits <- readBin(connection, "raw", 4L)
  while (length(digits) %in% 4:6 && digits[length(digits)] != as.raw(0x3a)) {
    digits <- c(digits, readBin(connection, "raw", 1L))
  }
  size <- suppressWarnings(as.integer(sub(":", "", rawToChar(digits), fixed = TRUE)))
  header <- readBin(connection, "raw", size + 1L)
  if (length(header) != size + 1L) {
    return(NULL)
  }
  request <- read_scgi_header(header[-length(header)])
  if (!identical(request$key, key)) {
    return(NULL)
  }
  socketTimeout(connection, nginx_s)
  request$body <- readBin(connection, "raw", request$size)
  if (length(request$body) == request$size) request
}

# Replaces workers that die, until `entrypoint` writes the file `stopping` and terminates those listed in `workers`.
supervise <- function(start, count, run) {
  workers <- integer()
  is_stopping <- function() file.exists(file.path(run, "stopping"))
  while (!is_stopping()) {
    if (length(workers) < count) {
      while (length(workers) < count) workers <- c(workers, start()$pid)
      writeLines(as.character(workers), file.path(run, "workers"))
    }
    ended <- names(suppressWarnings(parallel::mccollect(workers, wait = FALSE, timeout = 1)))
    workers <- setdiff(workers, as.integer(ended))
    if (length(ended) > 0 && !is_stopping()) {
      message("replacing workers that died: ", paste(ended, collapse = ", "))
      Sys.sleep(0.1) # no busy loop if all of them keep dying
    }
  }
  tools::pskill(workers)
  invisible(suppressWarnings(parallel::mccollect(workers)))
}

# Writes this machine's nginx.conf. It appears complete or not at all, because `entrypoint` waits for it.
write_nginx_config <- function(template, run, values) {
  text <- readLines(template)
  for (name in names(values)) text <- gsub(paste0("@", name, "@"), values[[name]], text, fixed = TRUE)
  path <- file.path(run, "nginx.conf")
  writeLines(text, paste0(path, ".unfinished"))
  file.rename(paste0(path, ".unfinished"), path)
}

serve_behind_nginx <- function(here, run) {
  model <- as_served(load_model, available_cores())
  if (!is.null(model$problem)) message("no model is loaded: ", model$problem)
  listener <- listen_somewhere()
  key <- random_key()
  write_nginx_config(file.path(here, "nginx.conf"), run, list(
    port = Sys.getenv("SAGEMAKER_BIND_TO_PORT", "8080"), worker_port = listener$port, key = key,
    max_payload_mb = max_payload_mb
  ))
  parent <- Sys.getpid()
  start <- function() parallel::mcparallel(work(listener$socket, key, model, parent), mc.set.seed = FALSE)
  supervise(start, model$workers, run)
}
