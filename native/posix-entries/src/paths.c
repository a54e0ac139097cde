#include "paths.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_piece(int at, const char *piece, int flags) {
  struct open_how how = { .flags = (uint64_t)flags, .resolve = RESOLVE_NO_SYMLINKS };
  int fd = (int)syscall(SYS_openat2, at, piece, &how, sizeof how);
  /* Kernels before 5.6, and sandboxes that do not know the call, protect only the last component. */
  if (fd < 0 && (errno == ENOSYS || errno == EPERM)) {
    int direct = openat(at, piece, flags);
    if (direct >= 0 || errno != EPERM) return direct;
    errno = EPERM;
  }
  return fd;
}

/* One call takes less than PATH_MAX, so a longer path is walked in pieces that end at a slash. */
int open_path(char *path, int flags) {
  int at = AT_FDCWD;
  char *rest = path;
  size_t left = strlen(path);
  while (left >= PATH_MAX) {
    char *cut = rest + PATH_MAX - 1;
    while (cut > rest && *cut != '/') cut--;
    if (cut == rest) {
      if (at != AT_FDCWD) close(at);
      errno = ENAMETOOLONG;
      return -1;
    }
    *cut = 0;
    int next = open_piece(at, rest, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int error = errno;
    *cut = '/';
    if (at != AT_FDCWD) close(at);
    if (next < 0) {
      errno = error;
      return -1;
    }
    at = next;
    while (*cut == '/') cut++;
    left -= (size_t)(cut - rest);
    rest = cut;
  }
  int fd = open_piece(at, *rest == 0 ? "." : rest, flags | O_NOFOLLOW | O_CLOEXEC);
  int error = errno;
  if (at != AT_FDCWD) close(at);
  errno = error;
  return fd;
}

int open_parent(char *path, const char **name) {
  char *slash = strrchr(path, '/');
  *name = slash == NULL ? path : slash + 1;
  if (**name == 0) *name = ".";
  char before[] = ".";
  char root[] = "/";
  if (slash == NULL) return open_path(before, O_PATH | O_DIRECTORY);
  if (slash == path) return open_path(root, O_PATH | O_DIRECTORY);
  *slash = 0;
  int fd = open_path(path, O_PATH | O_DIRECTORY);
  int error = errno;
  *slash = '/';
  errno = error;
  return fd;
}

void proc_name(char text[PROC_NAME_MAX], int directory_fd, const char *name) {
  snprintf(text, PROC_NAME_MAX, "/proc/self/fd/%d/%.255s", directory_fd, name);
}
