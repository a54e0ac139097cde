#include "listing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "paths.h"

/* listxattrat is of Linux 6.13 and three times faster than the way through /proc; a call that is missing is asked for once. */
static bool names_xattrs(int directory_fd, const char *name) {
#ifndef SYS_listxattrat
#define SYS_listxattrat 465
#endif
  static atomic_bool missing;
  if (!atomic_load_explicit(&missing, memory_order_relaxed)) {
    long length = syscall(SYS_listxattrat, directory_fd, name, AT_SYMLINK_NOFOLLOW, NULL, (size_t)0);
    if (length >= 0) return length > 0;
    if (errno != ENOSYS && errno != EPERM) return false;
    atomic_store_explicit(&missing, true, memory_order_relaxed);
  }
  char place[PROC_NAME_MAX];
  proc_name(place, directory_fd, name);
  return llistxattr(place, NULL, 0) > 0;
}

int examine_entry(int directory_fd, const char *name, bool with_xattrs, struct record *record) {
  struct stat status;
  int failed = name == NULL ? fstat(directory_fd, &status)
                          : fstatat(directory_fd, name, &status, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT);
  if (failed != 0) return errno;
  record->inode = status.st_ino;
  record->device = status.st_dev;
  record->mtime_seconds = status.st_mtim.tv_sec;
  record->ctime_seconds = status.st_ctim.tv_sec;
  record->size_bytes = (uint64_t)status.st_size;
  record->blocks = (uint64_t)status.st_blocks;
  record->mode = status.st_mode;
  record->uid = status.st_uid;
  record->gid = status.st_gid;
  record->links = status.st_nlink > UINT32_MAX ? UINT32_MAX : (uint32_t)status.st_nlink;
  record->mtime_nanoseconds = (uint32_t)status.st_mtim.tv_nsec;
  record->ctime_nanoseconds = (uint32_t)status.st_ctim.tv_nsec;
  bool node = S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode);
  record->device_major = node ? major(status.st_rdev) : 0;
  record->device_minor = node ? minor(status.st_rdev) : 0;
  record->has_xattrs = with_xattrs && name != NULL && names_xattrs(directory_fd, name);
  return 0;
}

struct listing {
  struct record *records;
  char *names;
  size_t count, room, name_bytes, name_room;
};

static void *grown(void *memory, size_t *room, size_t needed, size_t unit) {
  if (needed <= *room) return memory;
  size_t larger = *room == 0 ? 64 : *room * 2;
  while (larger < needed) larger *= 2;
  void *moved = realloc(memory, larger * unit);
  if (moved != NULL) *room = larger;
  return moved;
}

/* Offsets of names are 32 bits, which bounds one directory to 4 GiB of names. */
static int append(struct listing *listing, const char *name) {
  size_t length = strlen(name);
  if (listing->name_bytes + length + 1 > UINT32_MAX) return EOVERFLOW;
  void *records = grown(listing->records, &listing->room, listing->count + 1, sizeof *listing->records);
  if (records == NULL) return ENOMEM;
  listing->records = records;
  void *names = grown(listing->names, &listing->name_room, listing->name_bytes + length + 1, 1);
  if (names == NULL) return ENOMEM;
  listing->names = names;
  struct record *record = &listing->records[listing->count++];
  memset(record, 0, sizeof *record);
  record->name_offset = (uint32_t)listing->name_bytes;
  record->name_length = (uint32_t)length;
  memcpy(listing->names + listing->name_bytes, name, length + 1);
  listing->name_bytes += length + 1;
  return 0;
}

static int by_name(const void *a, const void *b, void *names) {
  const struct record *left = a, *right = b;
  return strcmp((char *)names + left->name_offset, (char *)names + right->name_offset);
}

static int list(int fd, struct listing *listing) {
  /* The stream owns its descriptor, so it gets one of its own. */
  int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (own < 0) return errno;
  DIR *stream = fdopendir(own);
  if (stream == NULL) {
    int error = errno;
    close(own);
    return error;
  }
  int error = 0;
  while (error == 0) {
    errno = 0;
    struct dirent *item = readdir(stream);
    if (item == NULL) {
      error = errno;
      break;
    }
    if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0) error = append(listing, item->d_name);
  }
  closedir(stream);
  if (error != 0) return error;
  for (size_t i = 0; i < listing->count; i++) {
    struct record *record = &listing->records[i];
    record->error = (uint32_t)examine_entry(fd, listing->names + record->name_offset, true, record);
  }
  if (listing->count > 1) qsort_r(listing->records, listing->count, sizeof *listing->records, by_name, listing->names);
  return 0;
}

static napi_value packed(napi_env env, const struct listing *listing) {
  size_t record_bytes = listing->count * sizeof *listing->records;
  uint64_t count = listing->count;
  void *target = NULL;
  napi_value buffer = NULL;
  if (napi_create_arraybuffer(env, sizeof count + record_bytes + listing->name_bytes, &target, &buffer) != napi_ok)
    return throw_errno(env, ENOMEM, "buffer");
  char *at = target;
  memcpy(at, &count, sizeof count);
  if (record_bytes > 0) memcpy(at + sizeof count, listing->records, record_bytes);
  if (listing->name_bytes > 0) memcpy(at + sizeof count + record_bytes, listing->names, listing->name_bytes);
  return buffer;
}

/* (path) → ArrayBuffer: the count in eight bytes, the records, the names. */
napi_value read_directory(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  char *path;
  if (!take_arguments(env, info, 1, &arguments) || !take_path(&arguments, 0, &path)) return NULL;
  int fd = open_path(path, O_RDONLY | O_DIRECTORY);
  int error = fd < 0 ? errno : 0;
  free(path);
  if (error != 0) return throw_errno(env, error, "open");
  struct listing listing = {0};
  error = list(fd, &listing);
  close(fd);
  napi_value result = error == 0 ? packed(env, &listing) : throw_errno(env, error, "readdir");
  free(listing.records);
  free(listing.names);
  return result;
}

static napi_value one_record(napi_env env, int error, const struct record *record) {
  if (error != 0) return throw_errno(env, error, "lstat");
  struct listing listing = { .records = (struct record *)record, .count = 1 };
  return packed(env, &listing);
}

/* (path) → one record. */
napi_value examine(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  char *path;
  const char *name;
  struct record record = {0};
  if (!take_arguments(env, info, 1, &arguments) || !take_path(&arguments, 0, &path)) return NULL;
  int fd = open_parent(path, &name);
  int error = fd < 0 ? errno : examine_entry(fd, name, true, &record);
  if (fd >= 0) close(fd);
  free(path);
  return one_record(env, error, &record);
}

/* (directoryFd, name) → one record, or undefined: to find nothing is a common answer, and an exception would be its main cost. */
napi_value examine_at(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  int fd;
  char name[NAME_MAX + 1];
  struct record record = {0};
  if (!take_arguments(env, info, 2, &arguments) || !take_fd(&arguments, 0, &fd) || !take_name(&arguments, 1, name)) return NULL;
  int error = examine_entry(fd, name, true, &record);
  return error == ENOENT ? undefined_value(env) : one_record(env, error, &record);
}

/* (fd) → one record. */
napi_value examine_fd(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  int fd;
  struct record record = {0};
  if (!take_arguments(env, info, 1, &arguments) || !take_fd(&arguments, 0, &fd)) return NULL;
  int error = examine_entry(fd, NULL, false, &record);
  return one_record(env, error, &record);
}
