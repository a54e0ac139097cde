/*
 * Loaded before a program that speaks to a device by SG_IO: the commands go to a socket instead, behind which a virtual drive answers.
 * What goes over: length of the CDB, direction (0 none, 1 to the device, 2 from it), length of the data (32 bits, big endian), CDB, data to the
 * device. What comes back: status, length of the sense data, length of the data (32 bits), sense data, data.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <scsi/sg.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int connection(void) {
  static int fd = -1;
  if (fd >= 0) return fd;
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  const char *path = getenv("SG_SOCKET");
  if (path == NULL || strlen(path) >= sizeof address.sun_path) return -1;
  strcpy(address.sun_path, path);
  fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) return -1;
  return fd;
}

static int all(ssize_t (*move)(int, void *, size_t), int fd, void *bytes, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t got = move(fd, (char *)bytes + done, length - done);
    if (got <= 0) return -1;
    done += (size_t)got;
  }
  return 0;
}

static ssize_t put(int fd, void *bytes, size_t length) { return write(fd, bytes, length); }
static ssize_t get(int fd, void *bytes, size_t length) { return read(fd, bytes, length); }

static int carry(sg_io_hdr_t *io) {
  int fd = connection();
  unsigned length = io->dxfer_len;
  unsigned char head[6] = { io->cmd_len, io->dxfer_direction == SG_DXFER_TO_DEV ? 1 : io->dxfer_direction == SG_DXFER_FROM_DEV ? 2 : 0,
                            length >> 24, length >> 16, length >> 8, length };
  if (fd < 0 || all(put, fd, head, sizeof head) || all(put, fd, io->cmdp, io->cmd_len)) return -1;
  if (head[1] == 1 && all(put, fd, io->dxferp, length)) return -1;
  unsigned char answer[6], sense[255];
  if (all(get, fd, answer, sizeof answer) || all(get, fd, sense, answer[1])) return -1;
  unsigned came = (unsigned)answer[2] << 24 | answer[3] << 16 | answer[4] << 8 | answer[5];
  if (came > length || all(get, fd, io->dxferp, head[1] == 2 ? came : 0)) return -1;
  io->status = answer[0];
  io->masked_status = (answer[0] >> 1) & 0x1f;
  io->host_status = 0;
  io->sb_len_wr = answer[1] < io->mx_sb_len ? answer[1] : io->mx_sb_len;
  memcpy(io->sbp, sense, io->sb_len_wr);
  io->driver_status = answer[1] > 0 ? 8 : 0;
  io->resid = (int)(length - came);
  io->info = answer[0] == 0 ? SG_INFO_OK : SG_INFO_CHECK;
  return 0;
}

/* Logs of the machine are none of a test's business: they go to the folder where the program runs. */
FILE *fopen64(const char *path, const char *mode) {
  FILE *(*real)(const char *, const char *) = (FILE *(*)(const char *, const char *))dlsym(RTLD_NEXT, "fopen64");
  return real(strncmp(path, "/var/log/", 9) == 0 ? path + 9 : path, mode);
}

FILE *fopen(const char *path, const char *mode) { return fopen64(path, mode); }

int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  if (request != SG_IO) return ((int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl"))(fd, request, argument);
  if (carry(argument) == 0) return 0;
  errno = EIO;
  return -1;
}
