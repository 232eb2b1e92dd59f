#define _GNU_SOURCE
#include "Process.h"

#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int64_t clock_ns(clockid_t clock) {
  struct timespec now;
  if (clock_gettime(clock, &now) != 0) return -1;
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// Reads a file of /proc that fits into one page.
static size_t slurp(const char *path, char text[4096]) {
  FILE *file = fopen(path, "re");
  size_t count = file ? fread(text, 1, 4095, file) : 0;
  text[count] = 0;
  if (file) fclose(file);
  return count;
}

static int64_t open_files(void) {
  // Since Linux 6.2 the size of this directory is their number; before, it is 0.
  struct stat status;
  if (stat("/proc/self/fd", &status) == 0 && status.st_size > 0) return status.st_size;
  DIR *directory = opendir("/proc/self/fd");
  if (!directory) return -1;
  // Not counted: `.`, `..`, and the descriptor of this directory.
  int64_t count = -3;
  while (readdir(directory)) count++;
  closedir(directory);
  return count;
}

// Field 22 of proc_pid_stat(5): ticks from the machine's start to the process's. The second field is a name in parentheses
// that may itself hold some, so counting begins behind the last one.
static int64_t started_ms(void) {
  char text[4096];
  slurp("/proc/self/stat", text);
  char *at = strrchr(text, ')');
  unsigned long long ticks;
  if (!at || sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &ticks) != 1)
    return -1;
  int64_t since_boot_ms = (int64_t)(ticks * 1000 / (unsigned long long)sysconf(_SC_CLK_TCK));
  return (clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME)) / 1000000 + since_boot_ms;
}

slotd_usage slotd_process_usage(void) {
  slotd_usage usage = {-1, -1, -1, -1, -1, -1};
  usage.cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
  char text[4096];
  long long size, resident;
  slurp("/proc/self/statm", text);
  if (sscanf(text, "%lld %lld", &size, &resident) == 2) {
    usage.virtual_bytes = size * sysconf(_SC_PAGESIZE);
    usage.resident_bytes = resident * sysconf(_SC_PAGESIZE);
  }
  usage.open_files = open_files();
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) usage.open_files_max = (int64_t)limit.rlim_cur;
  usage.started_ms = started_ms();
  return usage;
}

void slotd_return_memory(void) { malloc_trim(0); }

void slotd_hide_memory(void) {
  prctl(PR_SET_DUMPABLE, 0);
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
}
