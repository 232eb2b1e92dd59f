// What Swift cannot say about libcurl: its calls with a variable number of arguments, one function here for each type that the
// argument can have, never one for each option. Options and infos are numbers that Swift takes from curl's own headers.
#pragma once

#include <lifetimebound.h>
#include <ptrcheck.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// One transfer: a `CURL *`.
typedef struct slotd_curl slotd_curl;
/// Many transfers driven by one thread: a `CURLM *`.
typedef struct slotd_curl_multi slotd_curl_multi;
/// A list of header fields: a `struct curl_slist *`.
typedef struct slotd_curl_list slotd_curl_list;

/// Takes bytes of an answer and returns how many it took; fewer than `size * count` end the transfer with code 23.
typedef size_t (*slotd_curl_sink)(const char *bytes, size_t size, size_t count, void *context);

// MARK: A transfer

/// A new transfer, or NULL when there is no memory.
slotd_curl *_Nullable slotd_curl_make(void);
void slotd_curl_free(slotd_curl *curl);
/// `curl_easy_setopt` by the type of its argument; the result is a `CURLcode`. Strings are copied.
int32_t slotd_curl_set_number(slotd_curl *curl, uint32_t option, int64_t value);
int32_t slotd_curl_set_text(slotd_curl *curl, uint32_t option, const char *_Nullable value);
int32_t slotd_curl_set_sink(slotd_curl *curl, uint32_t option, slotd_curl_sink sink);
int32_t slotd_curl_set_pointer(slotd_curl *curl, uint32_t option, void *_Nullable value);
int32_t slotd_curl_set_list(slotd_curl *curl, uint32_t option, slotd_curl_list *_Nullable list);
/// Sends a copy of `bytes` as the body.
int32_t slotd_curl_set_body(slotd_curl *curl, const uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count);

/// `curl_easy_getinfo` by the type of its argument; 0 and NULL where nothing is known.
int64_t slotd_curl_number(slotd_curl *curl, uint32_t info);
const char *_Nullable slotd_curl_text(slotd_curl *curl, uint32_t info);
/// A line `name:value` about the server's own certificate, or NULL behind the last.
const char *_Nullable slotd_curl_certificate_line(slotd_curl *curl, size_t line);

/// Appends to a list that is NULL at first; NULL, with the old list freed, when there is no memory.
slotd_curl_list *_Nullable slotd_curl_list_append(slotd_curl_list *_Nullable list, const char *text);
void slotd_curl_list_free(slotd_curl_list *_Nullable list);

/// What a `CURLcode` means, in curl's words: a literal.
const char *slotd_curl_error_text(int32_t code);

// MARK: Many transfers

/// What ended: the number that the transfer was added with, and its `CURLcode`.
typedef struct slotd_curl_ended {
  int64_t number;
  int32_t code;
  bool any;
} slotd_curl_ended;

/// Sets libcurl up, once for the process, and makes a multi handle; NULL when there is no memory. From then on the process ignores
/// SIGPIPE, because a peer that closes a TLS connection would end it.
slotd_curl_multi *_Nullable slotd_curl_multi_make(void);
void slotd_curl_multi_free(slotd_curl_multi *multi);
/// Begins a transfer under a number; the result is a `CURLMcode`.
int32_t slotd_curl_multi_add(slotd_curl_multi *multi, slotd_curl *curl, int64_t number);
void slotd_curl_multi_remove(slotd_curl_multi *multi, slotd_curl *curl);
/// Does what can be done without waiting.
int32_t slotd_curl_multi_perform(slotd_curl_multi *multi);
/// Waits for sockets, for `slotd_curl_multi_wake`, or for the time to be up.
int32_t slotd_curl_multi_wait(slotd_curl_multi *multi, int32_t timeout_ms);
/// Ends a wait; any thread may call it.
void slotd_curl_multi_wake(slotd_curl_multi *multi);
/// The next transfer that has ended.
slotd_curl_ended slotd_curl_multi_next_ended(slotd_curl_multi *multi);

#pragma clang assume_nonnull end
