/*
 * The device code without JavaScript, for AddressSanitizer, ThreadSanitizer and valgrind: harness FOLDER CYCLES.
 * Prints one line a scenario; any mistake ends it with a message and a code other than 0.
 */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../src/device.h"

#define REPORTS_MAX 64
#define WAIT_MAX_S 60

#define CHECK(condition) \
  do { \
    if (!(condition)) { \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      exit(1); \
    } \
  } while (0)

/* Collects what a device reports, in order. */
struct inbox {
  pthread_mutex_t mutex;
  pthread_cond_t came;
  struct sg_request *reports[REPORTS_MAX];
  int count;
};

static void receive(void *context, struct sg_request *request) {
  struct inbox *inbox = context;
  pthread_mutex_lock(&inbox->mutex);
  CHECK(inbox->count < REPORTS_MAX);
  inbox->reports[inbox->count++] = request;
  pthread_cond_signal(&inbox->came);
  pthread_mutex_unlock(&inbox->mutex);
}

static struct sg_request *report(struct inbox *inbox, int number) {
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += WAIT_MAX_S;
  pthread_mutex_lock(&inbox->mutex);
  while (inbox->count <= number) CHECK(pthread_cond_timedwait(&inbox->came, &inbox->mutex, &end) == 0);
  struct sg_request *request = inbox->reports[number];
  pthread_mutex_unlock(&inbox->mutex);
  return request;
}

static struct inbox *new_inbox(void) {
  struct inbox *inbox = calloc(1, sizeof *inbox);
  CHECK(inbox != NULL);
  pthread_mutex_init(&inbox->mutex, NULL);
  pthread_cond_init(&inbox->came, NULL);
  return inbox;
}

static void empty(struct inbox *inbox) {
  pthread_mutex_lock(&inbox->mutex);
  for (int i = 0; i < inbox->count; i++) free(inbox->reports[i]);
  pthread_mutex_unlock(&inbox->mutex);
  pthread_mutex_destroy(&inbox->mutex);
  pthread_cond_destroy(&inbox->came);
  free(inbox);
}

static int entries(const char *folder) {
  int count = 0;
  DIR *directory = opendir(folder);
  CHECK(directory != NULL);
  while (readdir(directory) != NULL) count++;
  closedir(directory);
  return count;
}

/* Threads end a moment after their last word. */
static void check_threads(int expected) {
  for (int waited = 0; entries("/proc/self/task") > expected && waited < 5000; waited++) usleep(1000);
  CHECK(entries("/proc/self/task") <= expected);
}

static const char *script(const char *folder, const char *name, const char *text) {
  static char paths[8][4096];
  static int next;
  char *path = paths[next++ % 8];
  snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  FILE *file = fopen(path, "we");
  CHECK(file != NULL && fputs(text, file) >= 0);
  CHECK(fclose(file) == 0);
  return path;
}

static struct sg_device *start(const char *path, int version, uint32_t queue_limit, struct inbox *inbox) {
  const struct sg_options options = {.version = version, .reserve_bytes = 1 << 20, .queue_limit = queue_limit};
  struct sg_device *device = sg_device_start(path, &options, receive, inbox);
  CHECK(device != NULL);
  return device;
}

static struct sg_request *command(uint32_t id, uint8_t *data, uint32_t length) {
  struct sg_request *request = calloc(1, sizeof *request);
  CHECK(request != NULL);
  request->kind = SG_EXCHANGED;
  request->id = id;
  request->command = (struct sg_command){.cdb = {0x12}, .cdb_length = 6, .timeout_ms = 1000, .data = data, .data_length = length};
  request->command.direction = data == NULL ? SG_NO_DATA : SG_DATA_IN;
  return request;
}

static void cycles(const char *folder, int count) {
  const char *path = script(folder, "cycles", "reserve 65536\ncommand status=2 sense=7000060000000a00 resid=3 fill=5a\n");
  const int fds = entries("/proc/self/fd"), threads = entries("/proc/self/task");
  for (int i = 0; i < count; i++) {
    struct inbox *inbox = new_inbox();
    uint8_t data[16] = {0};
    struct sg_device *device = start(path, i % 2 == 0 ? 3 : 4, 4, inbox);
    CHECK(report(inbox, 0)->kind == SG_OPENED && report(inbox, 0)->error == 0 && report(inbox, 0)->bytes == 65536);
    CHECK(sg_device_submit(device, command(7, data, sizeof data)) == SG_ACCEPTED);
    const struct sg_request *done = report(inbox, 1);
    CHECK(done->kind == SG_EXCHANGED && done->id == 7 && done->error == 0 && done->answer.status == 2);
    CHECK(done->answer.sense_length == 8 && done->answer.sense[2] == 6 && done->answer.residual == 3);
    CHECK(data[12] == 0x5a && data[13] == 0);
    CHECK(sg_device_close(device) == NULL);
    CHECK(report(inbox, 2)->kind == SG_FAREWELL);
    sg_device_release(device);
    empty(inbox);
  }
  check_threads(threads);
  CHECK(entries("/proc/self/fd") == fds);
  printf("%d cycles of open, execute, close\n", count);
}

static void refusals(const char *folder) {
  const struct { const char *text; const char *call; int error; } cases[] = {
    {"open EBUSY\n", "open", EBUSY}, {"version ENOTTY\n", "ioctl(SG_GET_VERSION_NUM)", ENOTTY},
    {"reserve EBUSY\n", "ioctl(SG_SET_RESERVED_SIZE)", EBUSY},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct inbox *inbox = new_inbox();
    struct sg_device *device = start(script(folder, "refusal", cases[i].text), 3, 4, inbox);
    CHECK(report(inbox, 0)->kind == SG_OPENED && report(inbox, 0)->error == cases[i].error);
    CHECK(strcmp(report(inbox, 0)->call, cases[i].call) == 0);
    CHECK(report(inbox, 1)->kind == SG_FAREWELL);
    struct sg_request *late = command(1, NULL, 0);
    CHECK(sg_device_submit(device, late) == SG_CLOSED);
    free(late);
    sg_device_release(device);
    empty(inbox);
  }
  printf("devices that cannot be opened\n");
}

static void once_only(const char *folder) {
  struct inbox *inbox = new_inbox();
  struct sg_device *device = start(script(folder, "once", "command errno=EINTR\ncommand status=0\n"), 3, 4, inbox);
  CHECK(sg_device_submit(device, command(1, NULL, 0)) == SG_ACCEPTED);
  CHECK(report(inbox, 1)->error == EINTR && strcmp(report(inbox, 1)->call, "ioctl(SG_IO)") == 0);
  sg_device_close(device);
  CHECK(report(inbox, 2)->kind == SG_FAREWELL);
  sg_device_release(device);
  empty(inbox);
  printf("an interrupted command is not sent again\n");
}

static void hung(const char *folder) {
  struct inbox *stuck = new_inbox(), *well = new_inbox();
  char release[4200];
  const char *path = script(folder, "hung", "command hang=1 fill=11\n");
  uint8_t *data = malloc(4096);
  CHECK(data != NULL);
  snprintf(release, sizeof release, "%s.release", path);
  unlink(release);
  struct sg_device *hanging = start(path, 4, 2, stuck);
  CHECK(report(stuck, 0)->error == 0);
  CHECK(sg_device_submit(hanging, command(1, data, 4096)) == SG_ACCEPTED);
  char log[4200];
  snprintf(log, sizeof log, "%s.log", path);
  for (int waited = 0; access(log, F_OK) != 0 && waited < 5000; waited++) usleep(1000);
  CHECK(sg_device_submit(hanging, command(2, NULL, 0)) == SG_ACCEPTED);
  CHECK(sg_device_submit(hanging, command(3, NULL, 0)) == SG_ACCEPTED);
  struct sg_request *fourth = command(4, NULL, 0);
  CHECK(sg_device_submit(hanging, fourth) == SG_QUEUE_FULL);
  free(fourth);
  struct sg_device *working = start(script(folder, "well", "command status=0\n"), 3, 4, well);
  for (int i = 0; i < 20; i++) {
    CHECK(sg_device_submit(working, command(1, NULL, 0)) == SG_ACCEPTED);
    CHECK(report(well, 1 + i)->answer.status == 0);
  }
  struct sg_request *waiting = sg_device_close(hanging);
  CHECK(waiting != NULL && waiting->id == 2 && waiting->next->id == 3 && waiting->next->next == NULL);
  free(waiting->next);
  free(waiting);
  CHECK(sg_device_close(hanging) == NULL);
  sg_device_close(working);
  CHECK(report(well, 21)->kind == SG_FAREWELL);
  script(folder, "hung.release", "");
  sg_device_settle(hanging);
  CHECK(report(stuck, 1)->id == 1 && report(stuck, 1)->error == 0 && data[4095] == 0x11);
  CHECK(report(stuck, 2)->kind == SG_FAREWELL);
  sg_device_release(hanging);
  sg_device_release(working);
  empty(stuck);
  empty(well);
  free(data);
  printf("a hung device, another that works, and closing both\n");
}

int main(int count, char **arguments) {
  CHECK(count == 3);
  /* Sanitizers make a thread of their own when the first one starts; then only is there something to compare with. */
  refusals(arguments[1]);
  usleep(100000);
  const int threads = entries("/proc/self/task");
  cycles(arguments[1], atoi(arguments[2]));
  once_only(arguments[1]);
  hung(arguments[1]);
  check_threads(threads);
  /* The last of the detached threads gives its stack back after it has left the list. */
  usleep(20000);
  return 0;
}
