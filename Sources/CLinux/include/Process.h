// What the process knows of itself.
#pragma once

#include <stdint.h>

#pragma clang assume_nonnull begin

/// What the process has used so far; a number that the system does not tell is -1.
typedef struct slotd_usage {
  /// Processor time of all threads, in the kernel and out of it.
  int64_t cpu_ns;
  int64_t resident_bytes;
  int64_t virtual_bytes;
  int64_t open_files;
  /// The soft limit of open files.
  int64_t open_files_max;
  /// When it started, in milliseconds since the beginning of 1970.
  int64_t started_ms;
} slotd_usage;

/// Reads `/proc/self`; before Linux 6.2, takes longer the more descriptors are open.
slotd_usage slotd_process_usage(void);

/// Gives memory back to the system that was freed and is not used again yet. Others who allocate at that time wait for it.
void slotd_return_memory(void);

/// Has the system write no core dump of this process, and lets only those look at its memory who may look at everything: prctl(2),
/// PR_SET_DUMPABLE, and for those who read the limit instead, setrlimit(2), RLIMIT_CORE.
void slotd_hide_memory(void);

#pragma clang assume_nonnull end
