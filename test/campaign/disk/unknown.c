/* Calls that change files in ways the replay has no model for: each is logged where it concerns the folder, so that it cannot be overlooked. */
#define _GNU_SOURCE
#include "recorder.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define UNKNOWN_ON(fd, what) if (recorder_path_of(fd) != NULL) { recorder_lock(); recorder_unknown(what, recorder_path_of(fd)); recorder_unlock(); }

void *mmap64(void *at, size_t size, int protection, int flags, int fd, off64_t offset) {
  REAL(void *, mmap64, void *, size_t, int, int, int, off64_t);
  const char *path = recorder_path_of(fd);
  size_t length = path == NULL ? 0 : strlen(path);
  /* SQLite's index of its log is made anew after every crash, and may hold anything. */
  bool is_index = length > 4 && strcmp(path + length - 4, "-shm") == 0;
  if (path != NULL && !is_index && (flags & MAP_SHARED) != 0 && (protection & PROT_WRITE) != 0) UNKNOWN_ON(fd, "mmap");
  return real(at, size, protection, flags, fd, offset);
}
void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset) { return mmap64(at, size, protection, flags, fd, offset); }

int fallocate64(int fd, int mode, off64_t offset, off64_t size) {
  REAL(int, fallocate64, int, int, off64_t, off64_t);
  UNKNOWN_ON(fd, "fallocate");
  return real(fd, mode, offset, size);
}
int fallocate(int fd, int mode, off_t offset, off_t size) { return fallocate64(fd, mode, offset, size); }
int posix_fallocate64(int fd, off64_t offset, off64_t size) {
  REAL(int, posix_fallocate64, int, off64_t, off64_t);
  UNKNOWN_ON(fd, "posix_fallocate");
  return real(fd, offset, size);
}
int posix_fallocate(int fd, off_t offset, off_t size) { return posix_fallocate64(fd, offset, size); }

ssize_t sendfile64(int to, int from, off64_t *offset, size_t size) {
  REAL(ssize_t, sendfile64, int, int, off64_t *, size_t);
  UNKNOWN_ON(to, "sendfile");
  return real(to, from, offset, size);
}
ssize_t sendfile(int to, int from, off_t *offset, size_t size) { return sendfile64(to, from, offset, size); }

ssize_t copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t size, unsigned flags) {
  REAL(ssize_t, copy_file_range, int, off64_t *, int, off64_t *, size_t, unsigned);
  UNKNOWN_ON(to, "copy_file_range");
  return real(from, from_offset, to, to_offset, size, flags);
}

int symlinkat(const char *target, int folder, const char *path) {
  REAL(int, symlinkat, const char *, int, const char *);
  char whole[PATH_MAX];
  const char *below = recorder_resolve(folder, path, whole, sizeof whole) ? recorder_below(whole) : NULL;
  if (below != NULL) recorder_unknown("symlink", below);
  return real(target, folder, path);
}
int symlink(const char *target, const char *path) { return symlinkat(target, AT_FDCWD, path); }

long syscall(long number, ...) {
  REAL(long, syscall, long, ...);
  va_list more;
  va_start(more, number);
  long a = va_arg(more, long), b = va_arg(more, long), c = va_arg(more, long), d = va_arg(more, long), e = va_arg(more, long), f = va_arg(more, long);
  va_end(more);
  if (number == SYS_copy_file_range) UNKNOWN_ON((int)c, "copy_file_range");
  char whole[PATH_MAX];
  if (number == SYS_renameat2 && recorder_resolve((int)c, (const char *)d, whole, sizeof whole) && recorder_below(whole) != NULL)
    recorder_unknown("renameat2", recorder_below(whole));
  /* A ring of calls passes by everybody: libuv does without when there is none. */
  if (number == SYS_io_uring_setup) {
    errno = ENOSYS;
    return -1;
  }
  return real(number, a, b, c, d, e, f);
}
