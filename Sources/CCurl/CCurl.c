#include "CCurl.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>

slotd_curl *slotd_curl_make(void) { return (slotd_curl *)curl_easy_init(); }

void slotd_curl_free(slotd_curl *curl) { curl_easy_cleanup((CURL *)curl); }

int32_t slotd_curl_set_number(slotd_curl *curl, uint32_t option, int64_t value) {
  // Which of its two integer types an option takes shows in its number.
  if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB)
    return (int32_t)curl_easy_setopt((CURL *)curl, (CURLoption)option, (curl_off_t)value);
  return (int32_t)curl_easy_setopt((CURL *)curl, (CURLoption)option, (long)value);
}

int32_t slotd_curl_set_text(slotd_curl *curl, uint32_t option, const char *value) {
  return (int32_t)curl_easy_setopt((CURL *)curl, (CURLoption)option, value);
}

int32_t slotd_curl_set_sink(slotd_curl *curl, uint32_t option, slotd_curl_sink sink) {
  return (int32_t)curl_easy_setopt((CURL *)curl, (CURLoption)option, sink);
}

int32_t slotd_curl_set_pointer(slotd_curl *curl, uint32_t option, void *value) {
  return (int32_t)curl_easy_setopt((CURL *)curl, (CURLoption)option, value);
}

int32_t slotd_curl_set_list(slotd_curl *curl, uint32_t option, slotd_curl_list *list) {
  return (int32_t)curl_easy_setopt((CURL *)curl, (CURLoption)option, (struct curl_slist *)list);
}

int32_t slotd_curl_set_body(slotd_curl *curl, const uint8_t *bytes, size_t count) {
  CURLcode code = curl_easy_setopt((CURL *)curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
  return (int32_t)(code ? code : curl_easy_setopt((CURL *)curl, CURLOPT_COPYPOSTFIELDS, bytes));
}

int64_t slotd_curl_number(slotd_curl *curl, uint32_t info) {
  if ((info & CURLINFO_TYPEMASK) == CURLINFO_OFF_T) {
    curl_off_t value = 0;
    return curl_easy_getinfo((CURL *)curl, (CURLINFO)info, &value) ? 0 : (int64_t)value;
  }
  long value = 0;
  return curl_easy_getinfo((CURL *)curl, (CURLINFO)info, &value) ? 0 : (int64_t)value;
}

const char *slotd_curl_text(slotd_curl *curl, uint32_t info) {
  char *text = NULL;
  return curl_easy_getinfo((CURL *)curl, (CURLINFO)info, &text) ? NULL : text;
}

const char *slotd_curl_certificate_line(slotd_curl *curl, size_t line) {
  struct curl_certinfo *chain = NULL;
  if (curl_easy_getinfo((CURL *)curl, CURLINFO_CERTINFO, &chain) || !chain || chain->num_of_certs < 1) return NULL;
  const struct curl_slist *next = chain->certinfo[0];
  while (next && line-- > 0) next = next->next;
  return next ? next->data : NULL;
}

slotd_curl_list *slotd_curl_list_append(slotd_curl_list *list, const char *text) {
  struct curl_slist *longer = curl_slist_append((struct curl_slist *)list, text);
  if (!longer) curl_slist_free_all((struct curl_slist *)list);
  return (slotd_curl_list *)longer;
}

void slotd_curl_list_free(slotd_curl_list *list) { curl_slist_free_all((struct curl_slist *)list); }

const char *slotd_curl_error_text(int32_t code) { return curl_easy_strerror((CURLcode)code); }

static void set_up(void) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  signal(SIGPIPE, SIG_IGN);
}

slotd_curl_multi *slotd_curl_multi_make(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, set_up);
  return (slotd_curl_multi *)curl_multi_init();
}

void slotd_curl_multi_free(slotd_curl_multi *multi) { curl_multi_cleanup((CURLM *)multi); }

int32_t slotd_curl_multi_add(slotd_curl_multi *multi, slotd_curl *curl, int64_t number) {
  curl_easy_setopt((CURL *)curl, CURLOPT_PRIVATE, (void *)(intptr_t)number);
  return (int32_t)curl_multi_add_handle((CURLM *)multi, (CURL *)curl);
}

void slotd_curl_multi_remove(slotd_curl_multi *multi, slotd_curl *curl) {
  curl_multi_remove_handle((CURLM *)multi, (CURL *)curl);
}

int32_t slotd_curl_multi_perform(slotd_curl_multi *multi) {
  int running = 0;
  return (int32_t)curl_multi_perform((CURLM *)multi, &running);
}

int32_t slotd_curl_multi_wait(slotd_curl_multi *multi, int32_t timeout_ms) {
  return (int32_t)curl_multi_poll((CURLM *)multi, NULL, 0, timeout_ms, NULL);
}

void slotd_curl_multi_wake(slotd_curl_multi *multi) { curl_multi_wakeup((CURLM *)multi); }

slotd_curl_ended slotd_curl_multi_next_ended(slotd_curl_multi *multi) {
  slotd_curl_ended ended = {0};
  int left = 0;
  for (CURLMsg *message; (message = curl_multi_info_read((CURLM *)multi, &left));) {
    if (message->msg != CURLMSG_DONE) continue;
    char *number = NULL;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &number);
    ended.number = (int64_t)(intptr_t)number;
    ended.code = (int32_t)message->data.result;
    ended.any = true;
    return ended;
  }
  return ended;
}
