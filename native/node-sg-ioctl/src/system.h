/*
 * The system calls that reach a device. A build with -DSG_TEST replaces them by a scripted device (test/fake-device.c), so that
 * everything above is tested on kernels without SCSI.
 */
#ifndef SG_SYSTEM_H
#define SG_SYSTEM_H

#ifdef SG_TEST
int sg_system_open(const char *path, int flags);
int sg_system_close(int fd);
int sg_system_ioctl(int fd, unsigned long request, void *argument);
#else
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

static inline int sg_system_open(const char *path, int flags) { return open(path, flags); }
static inline int sg_system_close(int fd) { return close(fd); }
static inline int sg_system_ioctl(int fd, unsigned long request, void *argument) { return ioctl(fd, request, argument); }
#endif

#endif
