/* Reading what a listing named: descriptors, extents, attributes, link targets. */
#include "arguments.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "paths.h"

/* The kernel's own limits (XATTR_LIST_MAX, XATTR_SIZE_MAX) are 64 KiB. */
#define XATTR_BYTES_MAX 65536
/* A map larger than this costs more than the holes save: the rest of the file is then one extent. */
#define EXTENTS_MAX 65536

napi_value open_for_reading(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  char *path;
  if (!take_arguments(env, info, 1, &arguments) || !take_path(&arguments, 0, &path)) return NULL;
  /* O_NONBLOCK: a fifo put in the file's place must not hang the archive. O_NOATIME is for the owner and root only. */
  int fd = open_path(path, O_RDONLY | O_NONBLOCK | O_NOATIME);
  if (fd < 0 && errno == EPERM) fd = open_path(path, O_RDONLY | O_NONBLOCK);
  int error = errno;
  free(path);
  if (fd < 0) return throw_errno(env, error, "open");
  napi_value value = NULL;
  napi_create_int32(env, fd, &value);
  return value;
}

/* What a plan knows of a file; index.d.ts documents the layout for callers. */
struct expected {
  uint64_t inode;
  int64_t mtime_nanoseconds;
  int64_t ctime_nanoseconds;
};

static int64_t nanoseconds(struct timespec time) { return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec; }

static bool is_as_expected(int fd, const struct expected *expected, size_t size) {
  struct stat status;
  return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_ino == expected->inode && (uint64_t)status.st_size == size &&
         nanoseconds(status.st_mtim) == expected->mtime_nanoseconds && nanoseconds(status.st_ctim) == expected->ctime_nanoseconds;
}

static bool read_exactly(int fd, uint8_t *target, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t got = read(fd, target + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    done += (size_t)got;
  }
  return true;
}

/* (path, target, expected) → whether target holds the whole file and the file was, before and after, as expected. */
napi_value read_unchanged(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  const uint8_t *target, *facts;
  size_t size, facts_size;
  char *path;
  if (!take_arguments(env, info, 3, &arguments) || !take_bytes(&arguments, 1, &target, &size) ||
      !take_bytes(&arguments, 2, &facts, &facts_size) || !take_path(&arguments, 0, &path)) return NULL;
  struct expected expected;
  bool same = facts_size == sizeof expected;
  if (same) memcpy(&expected, facts, sizeof expected);
  int fd = same ? open_path(path, O_RDONLY | O_NONBLOCK | O_NOATIME) : -1;
  if (same && fd < 0 && errno == EPERM) fd = open_path(path, O_RDONLY | O_NONBLOCK);
  free(path);
  same = fd >= 0 && is_as_expected(fd, &expected, size) && read_exactly(fd, (uint8_t *)target, size) && is_as_expected(fd, &expected, size);
  if (fd >= 0) close(fd);
  napi_value value = NULL;
  napi_get_boolean(env, same, &value);
  return value;
}

napi_value data_extents(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  int fd;
  double size;
  if (!take_arguments(env, info, 2, &arguments) || !take_fd(&arguments, 0, &fd) ||
      !take_double(&arguments, 1, &size)) return NULL;
  napi_value pairs = NULL;
  napi_create_array(env, &pairs);
  uint32_t at = 0;
  off_t position = 0, end = (off_t)size;
  while (position < end) {
    off_t data = lseek(fd, position, SEEK_DATA);
    if (data < 0 && errno == ENXIO) break;
    off_t hole = data < 0 || at >= 2 * EXTENTS_MAX ? end : lseek(fd, data, SEEK_HOLE);
    if (data < 0) {
      if (errno != EINVAL && errno != EOPNOTSUPP) return throw_errno(env, errno, "lseek");
      data = position;
    }
    if (data >= end) break;
    if (hole < 0 || hole > end) hole = end;
    napi_value number;
    napi_create_double(env, (double)data, &number);
    napi_set_element(env, pairs, at++, number);
    napi_create_double(env, (double)(hole - data), &number);
    napi_set_element(env, pairs, at++, number);
    position = hole;
  }
  lseek(fd, 0, SEEK_SET);
  return pairs;
}

static int append_xattr(napi_env env, napi_value list, const char *place, const char *name, char *value) {
  ssize_t length = lgetxattr(place, name, value, XATTR_BYTES_MAX);
  /* Gone since it was listed, or for privileged eyes only: neither is an error of the entry. */
  if (length < 0) return errno == ENODATA || errno == EPERM || errno == EACCES || errno == EOPNOTSUPP ? 0 : errno;
  uint32_t count;
  napi_get_array_length(env, list, &count);
  napi_value name_value = bytes_value(env, name, strlen(name));
  napi_value value_value = name_value == NULL ? NULL : bytes_value(env, value, (size_t)length);
  if (value_value == NULL) return ENOMEM;
  napi_set_element(env, list, count, name_value);
  napi_set_element(env, list, count + 1, value_value);
  return 0;
}

static int read_all_xattrs(napi_env env, napi_value list, const char *place) {
  char *names = malloc(2 * XATTR_BYTES_MAX);
  if (names == NULL) return ENOMEM;
  char *value = names + XATTR_BYTES_MAX;
  ssize_t length = llistxattr(place, names, XATTR_BYTES_MAX);
  int error = length < 0 && errno != EOPNOTSUPP ? errno : 0;
  for (ssize_t at = 0; error == 0 && at < length; at += (ssize_t)strlen(names + at) + 1)
    error = append_xattr(env, list, place, names + at, value);
  free(names);
  return error;
}

/* (path) → name, value, name, value, … */
napi_value read_xattrs(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  char *path;
  const char *name;
  char place[PROC_NAME_MAX];
  if (!take_arguments(env, info, 1, &arguments) || !take_path(&arguments, 0, &path)) return NULL;
  napi_value list = NULL;
  napi_create_array(env, &list);
  int fd = open_parent(path, &name);
  int error = fd < 0 ? errno : 0;
  if (fd >= 0) {
    proc_name(place, fd, name);
    error = read_all_xattrs(env, list, place);
    close(fd);
  }
  free(path);
  return error == 0 ? list : throw_errno(env, error, "getxattr");
}

napi_value read_link(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  char *path;
  const char *name;
  char target[PATH_MAX];
  if (!take_arguments(env, info, 1, &arguments) || !take_path(&arguments, 0, &path)) return NULL;
  int fd = open_parent(path, &name);
  ssize_t length = fd < 0 ? -1 : readlinkat(fd, name, target, sizeof target);
  int error = errno;
  if (fd >= 0) close(fd);
  free(path);
  return length < 0 ? throw_errno(env, error, "readlink") : bytes_value(env, target, (size_t)length);
}
