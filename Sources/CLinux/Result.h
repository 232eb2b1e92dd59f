#pragma once

#include <errno.h>

// Makes a call again as long as a signal interrupts it; then its result, or the error number with a minus sign.
#define RESULT(call)                                   \
  ({                                                   \
    __typeof__(call) result_;                          \
    do result_ = (call);                               \
    while (result_ < 0 && errno == EINTR);             \
    result_ < 0 ? (__typeof__(result_))-errno : result_; \
  })
