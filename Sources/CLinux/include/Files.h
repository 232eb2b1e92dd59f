// The system calls on files and directories. Same manner as CLinux.h: integers for results, what fails returns the error number
// with a minus sign, calls that a signal interrupted are made again.
//
// Everything is opened relative to a directory that is held open, by a name of one component, and never through a symbolic link:
// who can write into the directory can then still not lead the process out of it.
#pragma once

#include <lifetimebound.h>
#include <ptrcheck.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// MARK: Directories

/// Makes the directory `path`, for its owner alone; its parent must exist.
int slotd_make_directory(const char *path);
/// Opens the directory `path`, which may be a symbolic link.
int slotd_open_directory(const char *path);
/// Makes a directory inside another.
int slotd_make_directory_in(int directory, const char *name);
/// Opens a directory inside another.
int slotd_open_directory_in(int directory, const char *name);
/// Reads the next names in a directory, each ended by a zero byte, without `.` and `..`; returns how many bytes they take, 0 at
/// the end. `count` must be 1,024 at least.
ptrdiff_t slotd_next_names(int directory, uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count);
/// Locks an open directory (or file) against other processes that lock it too; -EWOULDBLOCK where one has.
int slotd_lock(int fd);
int slotd_remove_directory_in(int directory, const char *name);

// MARK: Files

/// Makes a file that was not there, for its owner alone, and opens it for reading and writing.
int slotd_create_file_in(int directory, const char *name);
/// Opens a file for reading; never waits, as it would for a pipe.
int slotd_open_file_in(int directory, const char *name);
/// Moves a file from one directory to another of the same file system, in place of any file of that name, in one step.
int slotd_rename_in(int from, const char *name, int to, const char *new_name);
int slotd_unlink_in(int directory, const char *name);

/// Bytes of a regular file; -EINVAL where it is none.
int64_t slotd_file_size(int fd);
/// Reads up to `count` bytes from `offset` on.
ptrdiff_t slotd_read_at(int fd, uint8_t *__counted_by(count) _Nonnull bytes __noescape, size_t count, int64_t offset);
/// Copies up to `count` bytes from `offset` of one file to the end of another, without taking them through user space.
ptrdiff_t slotd_append_range(int from, int64_t offset, int to, size_t count);
/// Makes a file, or the names in a directory, outlive a loss of power.
int slotd_sync(int fd);
/// Starts to write `count` bytes from `offset` on to the disk and does not wait for them; so a later ``slotd_sync`` is short.
/// Where the file system cannot, nothing is lost but time.
void slotd_start_writing(int fd, int64_t offset, int64_t count);

#pragma clang assume_nonnull end
