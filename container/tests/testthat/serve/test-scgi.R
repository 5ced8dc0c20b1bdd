nul <- as.raw(0)
header_of <- function(...) do.call(c, lapply(c(...), function(word) c(charToRaw(word), nul)))

test_that("a header from nginx is parsed", {
  header <- header_of(
    "CONTENT_LENGTH", "12", "REQUEST_METHOD", "POST", "REQUEST_URI", "/invocations?a=b",
    "CONTENT_TYPE", "text/csv", "HTTP_ACCEPT", "", "WORKER_KEY", "abc"
  )
  expected <- list(method = "POST", path = "/invocations", type = "text/csv", accept = "", size = 12L, key = "abc")
  expect_equal(read_scgi_header(header), expected)
})

test_that("bytes in a header that are not text are escaped", {
  header <- c(charToRaw("CONTENT_TYPE"), nul, as.raw(c(0xff, 0x61)), nul)
  expect_equal(read_scgi_header(header)$type, "<ff>a")
})

test_that("an answer counts the bytes of its body", {
  written <- write_scgi_answer(answer(405L, "text/plain", "é", allow = "GET"))
  head <- "Status: 405 Method Not Allowed\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nAllow: GET\r\n\r\n"
  expect_equal(rawToChar(written), paste0(head, "é"))
})
