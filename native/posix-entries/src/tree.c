/* Making and changing entries below a directory descriptor: one component at a time, no symlink ever followed. */
#include "arguments.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "paths.h"

struct place {
  int fd;
  char name[NAME_MAX + 1];
};

static bool take_place(const struct arguments *arguments, size_t index, struct place *place) {
  return take_fd(arguments, index, &place->fd) && take_name(arguments, index + 1, place->name);
}

static napi_value done(napi_env env, int result, const char *syscall_name) {
  return result == 0 ? undefined_value(env) : throw_errno(env, errno, syscall_name);
}

static napi_value descriptor(napi_env env, int fd, const char *syscall_name) {
  napi_value value = NULL;
  if (fd < 0) return throw_errno(env, errno, syscall_name);
  napi_create_int32(env, fd, &value);
  return value;
}

napi_value open_directory(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  char *path;
  if (!take_arguments(env, info, 1, &arguments) || !take_path(&arguments, 0, &path)) return NULL;
  /* The operator named it, so links before the last component are the operator's own. */
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int error = errno;
  free(path);
  errno = error;
  return descriptor(env, fd, "open");
}

napi_value open_directory_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  struct place place;
  if (!take_arguments(env, info, 2, &arguments) || !take_place(&arguments, 0, &place)) return NULL;
  return descriptor(env, openat(place.fd, place.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), "openat");
}

napi_value make_directory_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  struct place place;
  uint32_t mode;
  if (!take_arguments(env, info, 3, &arguments) || !take_place(&arguments, 0, &place) ||
      !take_u32(&arguments, 2, &mode)) return NULL;
  return done(env, mkdirat(place.fd, place.name, mode), "mkdirat");
}

napi_value create_file_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  struct place place;
  uint32_t mode;
  if (!take_arguments(env, info, 3, &arguments) || !take_place(&arguments, 0, &place) ||
      !take_u32(&arguments, 2, &mode)) return NULL;
  return descriptor(env, openat(place.fd, place.name, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC, mode), "openat");
}

napi_value open_file_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  struct place place;
  struct stat status;
  if (!take_arguments(env, info, 2, &arguments) || !take_place(&arguments, 0, &place)) return NULL;
  int fd = openat(place.fd, place.name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
    close(fd);
    return throw_errno(env, EINVAL, "openat");
  }
  return descriptor(env, fd, "openat");
}

napi_value symlink_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  struct place place;
  char *target;
  if (!take_arguments(env, info, 3, &arguments) || !take_place(&arguments, 1, &place) ||
      !take_path(&arguments, 0, &target)) return NULL;
  int result = symlinkat(target, place.fd, place.name);
  int error = errno;
  free(target);
  errno = error;
  return done(env, result, "symlinkat");
}

napi_value link_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  struct place from, to;
  if (!take_arguments(env, info, 4, &arguments) || !take_place(&arguments, 0, &from) ||
      !take_place(&arguments, 2, &to)) return NULL;
  return done(env, linkat(from.fd, from.name, to.fd, to.name, 0), "linkat");
}

napi_value rename_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  struct place from, to;
  bool replace;
  if (!take_arguments(env, info, 5, &arguments) || !take_place(&arguments, 0, &from) || !take_place(&arguments, 2, &to) ||
      !take_bool(&arguments, 4, &replace))
    return NULL;
  if (replace) return done(env, renameat(from.fd, from.name, to.fd, to.name), "renameat");
  int result = (int)syscall(SYS_renameat2, from.fd, from.name, to.fd, to.name, RENAME_NOREPLACE);
  /* File systems without the flag (NFS, some FUSE) have link(2), which never replaces either. */
  if (result != 0 && (errno == EINVAL || errno == ENOSYS)) {
    result = linkat(from.fd, from.name, to.fd, to.name, 0);
    if (result == 0) result = unlinkat(from.fd, from.name, 0);
  }
  return done(env, result, "renameat2");
}

napi_value make_node_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  struct place place;
  uint32_t mode, major_number, minor_number;
  if (!take_arguments(env, info, 5, &arguments) || !take_place(&arguments, 0, &place) || !take_u32(&arguments, 2, &mode) ||
      !take_u32(&arguments, 3, &major_number) || !take_u32(&arguments, 4, &minor_number))
    return NULL;
  return done(env, mknodat(place.fd, place.name, mode, makedev(major_number, minor_number)), "mknodat");
}

napi_value unlink_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  struct place place;
  bool directory;
  if (!take_arguments(env, info, 3, &arguments) || !take_place(&arguments, 0, &place) ||
      !take_bool(&arguments, 2, &directory)) return NULL;
  return done(env, unlinkat(place.fd, place.name, directory ? AT_REMOVEDIR : 0), "unlinkat");
}

napi_value change_owner_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  struct place place;
  uint32_t uid, gid;
  if (!take_arguments(env, info, 4, &arguments) || !take_place(&arguments, 0, &place) || !take_u32(&arguments, 2, &uid) ||
      !take_u32(&arguments, 3, &gid))
    return NULL;
  return done(env, fchownat(place.fd, place.name, uid, gid, AT_SYMLINK_NOFOLLOW), "fchownat");
}

/* fchmodat2 is of Linux 6.6; before it the way not to follow is an O_PATH descriptor named through /proc. */
static int change_mode(const struct place *place, uint32_t mode) {
#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif
  int result = (int)syscall(SYS_fchmodat2, place->fd, place->name, mode, AT_SYMLINK_NOFOLLOW);
  if (result == 0) return 0;
  if (errno != ENOSYS && errno != EOPNOTSUPP && errno != EPERM) return -1;
  int fd = openat(place->fd, place->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  struct stat status;
  char path[40];
  result = fstat(fd, &status);
  if (result == 0 && S_ISLNK(status.st_mode)) {
    errno = ELOOP;
    result = -1;
  } else if (result == 0) {
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    result = chmod(path, mode);
  }
  int error = errno;
  close(fd);
  errno = error;
  return result;
}

napi_value change_mode_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  struct place place;
  uint32_t mode;
  if (!take_arguments(env, info, 3, &arguments) || !take_place(&arguments, 0, &place) ||
      !take_u32(&arguments, 2, &mode)) return NULL;
  return done(env, change_mode(&place, mode), "fchmodat");
}

/* (directoryFd, name, seconds, nanoseconds) */
napi_value set_times_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  struct place place;
  double seconds;
  uint32_t nanoseconds;
  if (!take_arguments(env, info, 4, &arguments) || !take_place(&arguments, 0, &place) || !take_double(&arguments, 2, &seconds) ||
      !take_u32(&arguments, 3, &nanoseconds))
    return NULL;
  struct timespec time = { .tv_sec = (time_t)seconds, .tv_nsec = (long)nanoseconds };
  struct timespec times[2] = { time, time };
  return done(env, utimensat(place.fd, place.name, times, AT_SYMLINK_NOFOLLOW), "utimensat");
}

napi_value set_xattr_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  struct place place;
  char attribute[NAME_MAX + 1], path[PROC_NAME_MAX];
  const uint8_t *value;
  size_t length;
  if (!take_arguments(env, info, 4, &arguments) || !take_place(&arguments, 0, &place) || !take_word(&arguments, 2, attribute) ||
      !take_bytes(&arguments, 3, &value, &length))
    return NULL;
  proc_name(path, place.fd, place.name);
  return done(env, lsetxattr(path, attribute, value, length, 0), "lsetxattr");
}

napi_value remove_xattr_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  struct place place;
  char attribute[NAME_MAX + 1], path[PROC_NAME_MAX];
  if (!take_arguments(env, info, 3, &arguments) || !take_place(&arguments, 0, &place) ||
      !take_word(&arguments, 2, attribute)) return NULL;
  proc_name(path, place.fd, place.name);
  napi_value removed = NULL;
  int result = lremovexattr(path, attribute);
  if (result != 0 && errno != ENODATA && errno != EOPNOTSUPP) return throw_errno(env, errno, "lremovexattr");
  napi_get_boolean(env, result == 0, &removed);
  return removed;
}
