/*
 * Scripted devices in place of the kernel's, for builds with -DSG_TEST. The path of a device names a text file, one item a line:
 *
 *     version 30536                 what SG_GET_VERSION_NUM tells; the name of an error fails it
 *     reserve 1048576               the most that SG_SET_RESERVED_SIZE grants
 *     open EBUSY                    how open fails
 *     command KEY=VALUE …           the answer to the next SG_IO; the last one is repeated for ever
 *
 * Keys of a command: status, host, driver (hexadecimal), sense (hexadecimal bytes), resid (decimal), fill (hexadecimal byte put
 * into data-in), data (hexadecimal bytes put at its start), delay (milliseconds before the answer), hang=1 (waits until PATH.release exists), errno (name), direct=1.
 * What arrives is appended to PATH.log: version of the header, direction, length, time-out, command, first bytes of data-out,
 * address within a page, whether signals are blocked.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bsg.h>
#include <pthread.h>
#include <scsi/sg.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../src/system.h"

#define FDS_MAX 4096
#define HANG_MAX_MS 60000

struct fake {
  char path[4096];
  bool exclusive;
  int commands;
  int reserved;
};

static struct fake *fakes[FDS_MAX];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int error_named(const char *name) {
  static const struct { const char *name; int error; } errors[] = {
    {"EINTR", EINTR}, {"EAGAIN", EAGAIN}, {"EBUSY", EBUSY}, {"EPERM", EPERM}, {"EACCES", EACCES}, {"ENODEV", ENODEV},
    {"ENXIO", ENXIO}, {"ENOTTY", ENOTTY}, {"ENOMEM", ENOMEM}, {"EINVAL", EINVAL}, {"EIO", EIO}, {"ENOSYS", ENOSYS}, {"EDOM", EDOM},
    {"EFAULT", EFAULT},
  };
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
    if (strncmp(errors[i].name, name, strlen(errors[i].name)) == 0) return errors[i].error;
  return 0;
}

static void pause_ms(long duration_ms) {
  const struct timespec pause = {duration_ms / 1000, (duration_ms % 1000) * 1000000};
  nanosleep(&pause, NULL);
}

/* The rest of line `number` (from 0) that begins with `word`, or of the last such line; false when there is none. */
static bool line_of(const char *path, const char *word, int number, char line[1024]) {
  char found[1024];
  bool any = false;
  FILE *script = fopen(path, "re");
  if (script == NULL) return false;
  const size_t length = strlen(word);
  while (number >= 0 && fgets(found, sizeof found, script) != NULL) {
    if (strncmp(found, word, length) != 0 || found[length] != ' ') continue;
    snprintf(line, 1024, "%s", found + length + 1);
    any = true;
    number--;
  }
  fclose(script);
  return any;
}

static const char *value_of(const char *line, const char *key) {
  const size_t length = strlen(key);
  for (const char *at = line; (at = strstr(at, key)) != NULL; at++)
    if (at[length] == '=' && (at == line || at[-1] == ' ')) return at + length + 1;
  return NULL;
}

static long number_of(const char *line, const char *key, int base) {
  const char *value = value_of(line, key);
  return value == NULL ? 0 : strtol(value, NULL, base);
}

static size_t bytes_of(const char *line, const char *key, uint8_t *bytes, size_t room) {
  const char *at = value_of(line, key);
  size_t length = 0;
  unsigned byte;
  while (at != NULL && length < room && isxdigit((unsigned char)*at) && sscanf(at, "%2x", &byte) == 1) {
    bytes[length++] = (uint8_t)byte;
    at += 2;
  }
  return length;
}

static void append(const char *path, const char *text) {
  char name[4200];
  snprintf(name, sizeof name, "%s.log", path);
  const int fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return;
  if (write(fd, text, strlen(text)) < 0) perror(name);
  close(fd);
}

static void record(const struct fake *fake, int version, const char *direction, uint32_t length, uint32_t timeout_ms,
                   const uint8_t *cdb, uint32_t cdb_length, const uint8_t *data) {
  char text[1024];
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, NULL, &blocked);
  const bool is_blocked = sigismember(&blocked, SIGINT) == 1 && sigismember(&blocked, SIGALRM) == 1;
  int at = snprintf(text, sizeof text, "v%d %s %u %u ", version, direction, length, timeout_ms);
  for (uint32_t i = 0; i < cdb_length && i < 32; i++) at += snprintf(text + at, sizeof text - at, "%02x", cdb[i]);
  at += snprintf(text + at, sizeof text - at, " data=");
  for (uint32_t i = 0; strcmp(direction, "out") == 0 && i < length && i < 8; i++)
    at += snprintf(text + at, sizeof text - at, "%02x", data[i]);
  snprintf(text + at, sizeof text - at, " page=%u blocked=%d\n", (unsigned)((uintptr_t)data % 4096), is_blocked);
  append(fake->path, text);
}

/* Waits, and fills data-in; returns the errno to fail with, or 0. */
static int answer(struct fake *fake, char line[1024], const char *direction, uint8_t *data, uint32_t length) {
  pthread_mutex_lock(&mutex);
  const int number = fake->commands++;
  pthread_mutex_unlock(&mutex);
  if (!line_of(fake->path, "command", number, line)) snprintf(line, 1024, "status=0");
  pause_ms(number_of(line, "delay", 10));
  char release[4200];
  snprintf(release, sizeof release, "%s.release", fake->path);
  for (int waited = 0; number_of(line, "hang", 10) != 0 && waited < HANG_MAX_MS && access(release, F_OK) != 0; waited += 2) {
    pause_ms(2);
  }
  if (strcmp(direction, "in") == 0 && value_of(line, "fill") != NULL) {
    const long residual = number_of(line, "resid", 10);
    if (residual >= 0 && residual <= (long)length) memset(data, (int)number_of(line, "fill", 16), length - (uint32_t)residual);
  }
  if (strcmp(direction, "in") == 0) bytes_of(line, "data", data, length);
  const char *name = value_of(line, "errno");
  return name == NULL ? 0 : error_named(name);
}

static int exchange_v3(struct fake *fake, struct sg_io_hdr *header) {
  char line[1024];
  const char *direction = header->dxfer_direction == SG_DXFER_TO_DEV ? "out" : header->dxfer_direction == SG_DXFER_FROM_DEV ? "in" : "none";
  record(fake, 3, direction, header->dxfer_len, header->timeout, header->cmdp, header->cmd_len, header->dxferp);
  const int error = answer(fake, line, direction, header->dxferp, header->dxfer_len);
  if (error != 0) return error;
  header->status = (unsigned char)number_of(line, "status", 16);
  header->host_status = (unsigned short)number_of(line, "host", 16);
  header->driver_status = (unsigned short)number_of(line, "driver", 16);
  header->resid = (int)number_of(line, "resid", 10);
  header->sb_len_wr = (unsigned char)bytes_of(line, "sense", header->sbp, header->mx_sb_len);
  if (number_of(line, "direct", 10) != 0 && (header->flags & SG_FLAG_DIRECT_IO) != 0) header->info |= SG_INFO_DIRECT_IO;
  return 0;
}

static int exchange_v4(struct fake *fake, struct sg_io_v4 *header) {
  char line[1024];
  const bool out = header->dout_xfer_len > 0;
  const char *direction = out ? "out" : header->din_xfer_len > 0 ? "in" : "none";
  uint8_t *data = (uint8_t *)(uintptr_t)(out ? header->dout_xferp : header->din_xferp);
  const uint32_t length = out ? header->dout_xfer_len : header->din_xfer_len;
  record(fake, 4, direction, length, header->timeout, (uint8_t *)(uintptr_t)header->request, header->request_len, data);
  const int error = answer(fake, line, direction, data, length);
  if (error != 0) return error;
  header->device_status = (uint32_t)number_of(line, "status", 16);
  header->transport_status = (uint32_t)number_of(line, "host", 16);
  header->driver_status = (uint32_t)number_of(line, "driver", 16);
  *(out ? &header->dout_resid : &header->din_resid) = (int)number_of(line, "resid", 10);
  header->response_len = (uint32_t)bytes_of(line, "sense", (uint8_t *)(uintptr_t)header->response, header->max_response_len);
  return 0;
}

static bool is_taken(const char *path, bool exclusive) {
  for (int fd = 0; fd < FDS_MAX; fd++)
    if (fakes[fd] != NULL && strcmp(fakes[fd]->path, path) == 0 && (exclusive || fakes[fd]->exclusive)) return true;
  return false;
}

int sg_system_open(const char *path, int flags) {
  char line[1024];
  if (line_of(path, "open", 0, line)) {
    errno = error_named(line);
    return -1;
  }
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  struct fake *fake = fd < FDS_MAX ? calloc(1, sizeof *fake) : NULL;
  pthread_mutex_lock(&mutex);
  const bool taken = is_taken(path, (flags & O_EXCL) != 0);
  if (fake != NULL && !taken) {
    snprintf(fake->path, sizeof fake->path, "%s", path);
    fake->exclusive = (flags & O_EXCL) != 0;
    fake->reserved = 32768;
    fakes[fd] = fake;
  }
  pthread_mutex_unlock(&mutex);
  if (fake != NULL && !taken) return fd;
  free(fake);
  close(fd);
  errno = taken ? EBUSY : EMFILE;
  return -1;
}

int sg_system_close(int fd) {
  pthread_mutex_lock(&mutex);
  free(fakes[fd]);
  fakes[fd] = NULL;
  pthread_mutex_unlock(&mutex);
  return close(fd);
}

static int tell_version(const struct fake *fake, int *version) {
  char line[1024] = "30536";
  line_of(fake->path, "version", 0, line);
  *version = atoi(line);
  return *version == 0 ? error_named(line) : 0;
}

static int set_reserved(struct fake *fake, int wanted) {
  char line[1024] = "4194304";
  line_of(fake->path, "reserve", 0, line);
  const int most = atoi(line);
  fake->reserved = wanted < most ? wanted : most;
  return most == 0 ? error_named(line) : 0;
}

int sg_system_ioctl(int fd, unsigned long request, void *argument) {
  pthread_mutex_lock(&mutex);
  struct fake *fake = fd >= 0 && fd < FDS_MAX ? fakes[fd] : NULL;
  pthread_mutex_unlock(&mutex);
  int error = ENOTTY;
  if (fake == NULL) error = EBADF;
  else if (request == SG_GET_VERSION_NUM) error = tell_version(fake, argument);
  else if (request == SG_SET_RESERVED_SIZE) error = set_reserved(fake, *(int *)argument);
  else if (request == SG_GET_RESERVED_SIZE) { *(int *)argument = fake->reserved; error = 0; }
  else if (request == SG_IO) error = *(int *)argument == 'Q' ? exchange_v4(fake, argument) : exchange_v3(fake, argument);
  if (error == 0) return 0;
  errno = error;
  return -1;
}
