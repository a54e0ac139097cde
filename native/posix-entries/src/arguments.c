#include "arguments.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool refuse(napi_env env, const char *message) {
  napi_throw_type_error(env, "ERR_INVALID_ARG", message);
  return false;
}

bool take_arguments(napi_env env, napi_callback_info info, size_t wanted, struct arguments *arguments) {
  arguments->env = env;
  arguments->count = ARGUMENTS_MAX;
  if (napi_get_cb_info(env, info, &arguments->count, arguments->values, NULL, NULL) != napi_ok)
    return refuse(env, "no arguments");
  return arguments->count >= wanted || refuse(env, "too few arguments");
}

bool take_fd(const struct arguments *arguments, size_t index, int *fd) {
  double value;
  if (napi_get_value_double(arguments->env, arguments->values[index], &value) != napi_ok || !(value >= 0 && value <= INT_MAX) ||
      value != (double)(int)value)
    return refuse(arguments->env, "a descriptor must be a non-negative integer");
  *fd = (int)value;
  return true;
}

bool take_u32(const struct arguments *arguments, size_t index, uint32_t *value) {
  double number;
  if (napi_get_value_double(arguments->env, arguments->values[index], &number) != napi_ok ||
      !(number >= 0 && number <= UINT32_MAX) ||
      number != (double)(uint32_t)number)
    return refuse(arguments->env, "a number must be an integer from 0 to 4294967295");
  *value = (uint32_t)number;
  return true;
}

bool take_double(const struct arguments *arguments, size_t index, double *value) {
  if (napi_get_value_double(arguments->env, arguments->values[index], value) != napi_ok || *value != *value)
    return refuse(arguments->env, "a number is needed");
  return true;
}

bool take_bool(const struct arguments *arguments, size_t index, bool *value) {
  return napi_get_value_bool(arguments->env, arguments->values[index], value) == napi_ok ||
      refuse(arguments->env, "a boolean is needed");
}

bool take_bytes(const struct arguments *arguments, size_t index, const uint8_t **bytes, size_t *length) {
  napi_typedarray_type type;
  void *data = NULL;
  bool typed = false;
  if (napi_is_typedarray(arguments->env, arguments->values[index], &typed) != napi_ok || !typed ||
      napi_get_typedarray_info(arguments->env, arguments->values[index], &type, length, &data, NULL, NULL) != napi_ok ||
      type != napi_uint8_array)
    return refuse(arguments->env, "bytes must be a Uint8Array");
  *bytes = data;
  return true;
}

bool take_path(const struct arguments *arguments, size_t index, char **path) {
  const uint8_t *bytes;
  size_t length;
  if (!take_bytes(arguments, index, &bytes, &length)) return false;
  if (length == 0 || length > PATH_BYTES_MAX || memchr(bytes, 0, length) != NULL)
    return refuse(arguments->env, "a path must have 1 to 1048576 bytes and no NUL");
  *path = malloc(length + 1);
  if (*path == NULL) {
    throw_errno(arguments->env, ENOMEM, "malloc");
    return false;
  }
  memcpy(*path, bytes, length);
  (*path)[length] = 0;
  return true;
}

static bool take_short(const struct arguments *arguments, size_t index, char text[NAME_MAX + 1], const char *what) {
  const uint8_t *bytes;
  size_t length;
  if (!take_bytes(arguments, index, &bytes, &length)) return false;
  if (length > NAME_MAX) {
    throw_errno(arguments->env, ENAMETOOLONG, what);
    return false;
  }
  if (length == 0 || memchr(bytes, 0, length) != NULL) {
    throw_errno(arguments->env, EINVAL, what);
    return false;
  }
  memcpy(text, bytes, length);
  text[length] = 0;
  return true;
}

bool take_name(const struct arguments *arguments, size_t index, char name[NAME_MAX + 1]) {
  if (!take_short(arguments, index, name, "name")) return false;
  if (strchr(name, '/') == NULL && strcmp(name, ".") != 0 && strcmp(name, "..") != 0) return true;
  throw_errno(arguments->env, EINVAL, "name");
  return false;
}

bool take_word(const struct arguments *arguments, size_t index, char word[NAME_MAX + 1]) {
  return take_short(arguments, index, word, "word");
}

const char *errno_name(int error) {
  /* strerrorname_np would do, but musl has none; these are what file-system calls answer. */
  static const struct { int error; const char *name; } names[] = {
    {EPERM, "EPERM"}, {ENOENT, "ENOENT"}, {EINTR, "EINTR"}, {EIO, "EIO"}, {ENXIO, "ENXIO"}, {E2BIG, "E2BIG"}, {EBADF, "EBADF"},
    {EAGAIN, "EAGAIN"}, {ENOMEM, "ENOMEM"}, {EACCES, "EACCES"}, {EBUSY, "EBUSY"}, {EEXIST, "EEXIST"}, {EXDEV, "EXDEV"},
    {ENODEV, "ENODEV"}, {ENOTDIR, "ENOTDIR"}, {EISDIR, "EISDIR"}, {EINVAL, "EINVAL"}, {ENFILE, "ENFILE"}, {EMFILE, "EMFILE"},
    {ETXTBSY, "ETXTBSY"}, {EFBIG, "EFBIG"}, {ENOSPC, "ENOSPC"}, {ESPIPE, "ESPIPE"}, {EROFS, "EROFS"}, {EMLINK, "EMLINK"},
    {EPIPE, "EPIPE"}, {ERANGE, "ERANGE"}, {EDEADLK, "EDEADLK"}, {ENAMETOOLONG, "ENAMETOOLONG"}, {ENOLCK, "ENOLCK"},
    {ENOSYS, "ENOSYS"}, {ENOTEMPTY, "ENOTEMPTY"}, {ELOOP, "ELOOP"}, {ENODATA, "ENODATA"}, {EOVERFLOW, "EOVERFLOW"},
    {EILSEQ, "EILSEQ"}, {EOPNOTSUPP, "EOPNOTSUPP"}, {ESTALE, "ESTALE"}, {EDQUOT, "EDQUOT"}, {ETIMEDOUT, "ETIMEDOUT"},
    {EKEYEXPIRED, "EKEYEXPIRED"}, {ENOKEY, "ENOKEY"}, {EUCLEAN, "EUCLEAN"}, {ENOTCONN, "ENOTCONN"}, {EHOSTDOWN, "EHOSTDOWN"},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (names[i].error == error) return names[i].name;
  return "EUNKNOWN";
}

napi_value throw_errno(napi_env env, int error, const char *syscall_name) {
  char text[320];
  char reason[160];
  napi_value code, message, object, number, name;
  /* The GNU strerror_r may answer with a pointer of its own; strerror is enough here, the main thread and workers only read. */
  snprintf(reason, sizeof reason, "%s", strerror(error));
  snprintf(text, sizeof text, "%s: %s, %s", errno_name(error), reason, syscall_name);
  napi_create_string_utf8(env, errno_name(error), NAPI_AUTO_LENGTH, &code);
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &message);
  napi_create_string_utf8(env, syscall_name, NAPI_AUTO_LENGTH, &name);
  napi_create_int32(env, -error, &number);
  if (napi_create_error(env, code, message, &object) != napi_ok) return NULL;
  napi_set_named_property(env, object, "errno", number);
  napi_set_named_property(env, object, "syscall", name);
  napi_throw(env, object);
  return NULL;
}

napi_value undefined_value(napi_env env) {
  napi_value value = NULL;
  napi_get_undefined(env, &value);
  return value;
}

napi_value bytes_value(napi_env env, const void *bytes, size_t length) {
  napi_value value = NULL;
  void *copy = NULL;
  if (napi_create_buffer_copy(env, length, bytes, &copy, &value) != napi_ok) return throw_errno(env, ENOMEM, "buffer");
  return value;
}
