/* Users and groups through NSS: the machine's own files, LDAP or whatever it asks. */
#include "arguments.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

/* A group of a directory service may list many thousand members. */
#define ANSWER_BYTES_MAX (4 * 1024 * 1024)

union question {
  uint32_t id;
  const char *name;
};
struct answer {
  char name[NAME_MAX + 1];
  uint32_t id;
};
typedef int ask(union question question, char *room, size_t room_bytes, struct answer *answer, bool *found);

static int user_answer(int error, const struct passwd *found_user, struct answer *answer, bool *found) {
  *found = error == 0 && found_user != NULL && strlen(found_user->pw_name) <= NAME_MAX;
  if (*found) {
    strcpy(answer->name, found_user->pw_name);
    answer->id = found_user->pw_uid;
  }
  return error;
}

static int group_answer(int error, const struct group *found_group, struct answer *answer, bool *found) {
  *found = error == 0 && found_group != NULL && strlen(found_group->gr_name) <= NAME_MAX;
  if (*found) {
    strcpy(answer->name, found_group->gr_name);
    answer->id = found_group->gr_gid;
  }
  return error;
}

static int ask_user_name(union question question, char *room, size_t room_bytes, struct answer *answer, bool *found) {
  struct passwd user, *result = NULL;
  int error = getpwuid_r(question.id, &user, room, room_bytes, &result);
  return user_answer(error, result, answer, found);
}

static int ask_user_id(union question question, char *room, size_t room_bytes, struct answer *answer, bool *found) {
  struct passwd user, *result = NULL;
  int error = getpwnam_r(question.name, &user, room, room_bytes, &result);
  return user_answer(error, result, answer, found);
}

static int ask_group_name(union question question, char *room, size_t room_bytes, struct answer *answer, bool *found) {
  struct group group, *result = NULL;
  int error = getgrgid_r(question.id, &group, room, room_bytes, &result);
  return group_answer(error, result, answer, found);
}

static int ask_group_id(union question question, char *room, size_t room_bytes, struct answer *answer, bool *found) {
  struct group group, *result = NULL;
  int error = getgrnam_r(question.name, &group, room, room_bytes, &result);
  return group_answer(error, result, answer, found);
}

/* A service that cannot be asked has no name for it: an archive must not stop for that. */
static bool answered(ask *how, union question question, struct answer *answer) {
  for (size_t room_bytes = 4096; room_bytes <= ANSWER_BYTES_MAX; room_bytes *= 4) {
    char *room = malloc(room_bytes);
    if (room == NULL) return false;
    bool found = false;
    int error = how(question, room, room_bytes, answer, &found);
    free(room);
    if (error == EINTR) room_bytes /= 4;
    else if (error != ERANGE) return found;
  }
  return false;
}

static napi_value name_of(napi_env env, napi_callback_info info, ask *how) {
  struct arguments arguments;
  union question question;
  struct answer answer;
  napi_value value = NULL;
  if (!take_arguments(env, info, 1, &arguments) || !take_u32(&arguments, 0, &question.id)) return NULL;
  if (!answered(how, question, &answer)) return undefined_value(env);
  napi_create_string_utf8(env, answer.name, NAPI_AUTO_LENGTH, &value);
  return value;
}

static napi_value id_of(napi_env env, napi_callback_info info, ask *how) {
  struct arguments arguments;
  char word[NAME_MAX + 1];
  struct answer answer;
  napi_value value = NULL;
  if (!take_arguments(env, info, 1, &arguments) || !take_word(&arguments, 0, word)) return NULL;
  if (!answered(how, (union question){ .name = word }, &answer)) return undefined_value(env);
  napi_create_uint32(env, answer.id, &value);
  return value;
}

napi_value user_name(napi_env env, napi_callback_info info) { return name_of(env, info, ask_user_name); }
napi_value group_name(napi_env env, napi_callback_info info) { return name_of(env, info, ask_group_name); }
napi_value user_id(napi_env env, napi_callback_info info) { return id_of(env, info, ask_user_id); }
napi_value group_id(napi_env env, napi_callback_info info) { return id_of(env, info, ask_group_id); }
