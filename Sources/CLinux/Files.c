#define _GNU_SOURCE
#include "Files.h"
#include "Result.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static const int directory_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

int slotd_make_directory(const char *path) { return RESULT(mkdir(path, 0700)); }

int slotd_open_directory(const char *path) { return RESULT(open(path, directory_flags)); }

int slotd_make_directory_in(int directory, const char *name) { return RESULT(mkdirat(directory, name, 0700)); }

int slotd_open_directory_in(int directory, const char *name) {
  return RESULT(openat(directory, name, directory_flags | O_NOFOLLOW));
}

ptrdiff_t slotd_next_names(int directory, uint8_t *bytes, size_t count) {
  while (1) {
    ptrdiff_t got = RESULT(getdents64(directory, bytes, count));
    if (got <= 0) return got;
    // Each record is longer than the name in it, so the names can move to the front of the buffer that they were read into.
    ptrdiff_t written = 0;
    for (ptrdiff_t at = 0; at < got;) {
      struct dirent64 *entry = (struct dirent64 *)(bytes + at);
      ptrdiff_t record = entry->d_reclen;
      if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
        size_t length = strlen(entry->d_name) + 1;
        memmove(bytes + written, entry->d_name, length);
        written += (ptrdiff_t)length;
      }
      at += record;
    }
    if (written > 0) return written;
  }
}

int slotd_lock(int fd) { return RESULT(flock(fd, LOCK_EX | LOCK_NB)); }

int slotd_remove_directory_in(int directory, const char *name) {
  return RESULT(unlinkat(directory, name, AT_REMOVEDIR));
}

int slotd_create_file_in(int directory, const char *name) {
  return RESULT(openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
}

int slotd_open_file_in(int directory, const char *name) {
  return RESULT(openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
}

int slotd_rename_in(int from, const char *name, int to, const char *new_name) {
  return RESULT(renameat(from, name, to, new_name));
}

int slotd_unlink_in(int directory, const char *name) { return RESULT(unlinkat(directory, name, 0)); }

int64_t slotd_file_size(int fd) {
  struct stat found;
  int result = RESULT(fstat(fd, &found));
  if (result < 0) return result;
  return S_ISREG(found.st_mode) ? found.st_size : -EINVAL;
}

ptrdiff_t slotd_read_at(int fd, uint8_t *bytes, size_t count, int64_t offset) {
  return RESULT(pread(fd, bytes, count, offset));
}

ptrdiff_t slotd_append_range(int from, int64_t offset, int to, size_t count) {
  off_t at = offset;
  ptrdiff_t copied = RESULT(copy_file_range(from, &at, to, NULL, count, 0));
  if (copied >= 0 || (copied != -ENOSYS && copied != -EOPNOTSUPP && copied != -EXDEV && copied != -EINVAL)) return copied;
  // Not every file system can; through the kernel's buffers all can.
  at = offset;
  return RESULT(sendfile(to, from, &at, count));
}

int slotd_sync(int fd) { return RESULT(fsync(fd)); }

void slotd_start_writing(int fd, int64_t offset, int64_t count) {
  (void)sync_file_range(fd, offset, count, SYNC_FILE_RANGE_WRITE);
}
