#define _GNU_SOURCE
#include "arguments.h"

#include <errno.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* (errno) → its name, for the records that carry one. */
napi_value name_of_errno(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  uint32_t error;
  napi_value value = NULL;
  if (!take_arguments(env, info, 1, &arguments) || !take_u32(&arguments, 0, &error)) return NULL;
  napi_create_string_utf8(env, errno_name((int)error), NAPI_AUTO_LENGTH, &value);
  return value;
}

/* JavaScript name, C function: every call that the addon offers. */
#define CALLS(call)                                                                                                          \
  call("readDirectory", read_directory) call("examine", examine) call("examineAt", examine_at) call("examineFd", examine_fd)   \
  call("openForReading", open_for_reading) call("dataExtents", data_extents) call("readXattrs", read_xattrs)                   \
  call("readLink", read_link) call("userName", user_name) call("groupName", group_name) call("userId", user_id)                \
  call("groupId", group_id) call("openDirectory", open_directory) call("openDirectoryAt", open_directory_at)                   \
  call("makeDirectoryAt", make_directory_at) call("createFileAt", create_file_at) call("openFileAt", open_file_at)             \
  call("symlinkAt", symlink_at) call("linkAt", link_at) call("renameAt", rename_at) call("makeNodeAt", make_node_at)           \
  call("unlinkAt", unlink_at) call("changeOwnerAt", change_owner_at) call("changeModeAt", change_mode_at)                      \
  call("setTimesAt", set_times_at) call("setXattrAt", set_xattr_at) call("removeXattrAt", remove_xattr_at)                     \
  call("tryLock", try_lock) call("unlock", unlock) call("freeBytes", free_bytes) call("syncFileSystem", sync_file_system) call("readUnchanged", read_unchanged)                   \
  call("errnoName", name_of_errno)

#define DECLARE(name, function) napi_value function(napi_env env, napi_callback_info info);
CALLS(DECLARE)

napi_value try_lock(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  int fd, result;
  napi_value value = NULL;
  if (!take_arguments(env, info, 1, &arguments) || !take_fd(&arguments, 0, &fd)) return NULL;
  do result = flock(fd, LOCK_EX | LOCK_NB);
  while (result != 0 && errno == EINTR);
  if (result != 0 && errno != EWOULDBLOCK) return throw_errno(env, errno, "flock");
  napi_get_boolean(env, result == 0, &value);
  return value;
}

napi_value unlock(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  int fd;
  if (!take_arguments(env, info, 1, &arguments) || !take_fd(&arguments, 0, &fd)) return NULL;
  return flock(fd, LOCK_UN) == 0 ? undefined_value(env) : throw_errno(env, errno, "flock");
}

napi_value free_bytes(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  int fd;
  struct statvfs status;
  napi_value value = NULL;
  if (!take_arguments(env, info, 1, &arguments) || !take_fd(&arguments, 0, &fd)) return NULL;
  if (fstatvfs(fd, &status) != 0) return throw_errno(env, errno, "fstatvfs");
  napi_create_double(env, (double)status.f_bavail * (double)status.f_frsize, &value);
  return value;
}

napi_value sync_file_system(napi_env env, napi_callback_info info) {
  struct arguments arguments;
  int fd;
  if (!take_arguments(env, info, 1, &arguments) || !take_fd(&arguments, 0, &fd)) return NULL;
  return syncfs(fd) == 0 ? undefined_value(env) : throw_errno(env, errno, "syncfs");
}

NAPI_MODULE_INIT() {
#define PROPERTY(name, function) { name, NULL, function, NULL, NULL, NULL, napi_enumerable, NULL },
  const napi_property_descriptor properties[] = { CALLS(PROPERTY) };
  if (napi_define_properties(env, exports, sizeof properties / sizeof *properties, properties) != napi_ok) return NULL;
  return exports;
}
