/* A pseudo-terminal with a program on it, for whoever holds the other ends of standard input and output.
 *
 *   line COLUMNS ROWS BYTES_PER_SECOND PROGRAM [ARGUMENT...]     0 bytes a second: as fast as it goes
 *
 * Both ways go frames: one letter, the length in four bytes (the highest first), so many bytes.
 * In:  i keys   w columns and rows, two bytes each   r bytes a second, four bytes   s a signal for the program, one byte
 *      q stop reading what the program writes, or go on: one byte   m ask for the line mode   h hang up
 * Out: p process number, four bytes   o what the program wrote   m line mode: one byte, 1 whole lines, 2 echo, 4 signals
 *      x how it ended, two bytes: 0 and its exit code, or 1 and its signal; nothing comes after it
 * Where standard input ends, the line hangs up as well, so that nothing is left behind by a parent that died. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { head_bytes = 5, most_frame = 65536, most_keys = 1 << 20, most_chunk = 4096 };

/* How long a program that was hung up on may take to go. */
enum { patience_ms = 5000, drain_ms = 300, tick_ms = 20 };

static int master = -1;
static pid_t program;
static uint64_t bytes_per_second;
static int is_stopped;
static int has_ended, ended_by_signal, ended_with;
static int64_t hung_up_ms = -1, ended_ms = -1, paid_until_ms;
static double allowance;

static unsigned char commands[head_bytes + most_frame];
static size_t commands_held;
static unsigned char *keys;
static size_t keys_held;

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void fail(const char *what) {
  fprintf(stderr, "line: %s: %s\n", what, strerror(errno));
  exit(70);
}

static void put(const unsigned char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(STDOUT_FILENO, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) exit(0); /* nobody listens any more; the program is hung up on as we go */
    bytes += written;
    count -= (size_t)written;
  }
}

static void tell(char kind, const unsigned char *bytes, uint32_t count) {
  unsigned char head[head_bytes] = {(unsigned char)kind, count >> 24, count >> 16, count >> 8, count};
  put(head, sizeof head);
  put(bytes, count);
}

static void hang_up(void) {
  if (master < 0) return;
  close(master);
  master = -1;
  keys_held = 0;
  hung_up_ms = now_ms();
}

static void tell_mode(void) {
  struct termios mode;
  unsigned char answer = 0;
  if (master >= 0 && tcgetattr(master, &mode) == 0) {
    if (mode.c_lflag & ICANON) answer |= 1;
    if (mode.c_lflag & ECHO) answer |= 2;
    if (mode.c_lflag & ISIG) answer |= 4;
  }
  tell('m', &answer, 1);
}

static uint32_t number(const unsigned char *bytes, size_t count) {
  uint32_t value = 0;
  for (size_t at = 0; at < count; at += 1) value = value << 8 | bytes[at];
  return value;
}

static void obey(char kind, const unsigned char *body, size_t count) {
  if (kind == 'i') {
    memcpy(keys + keys_held, body, count);
    keys_held += count;
  } else if (kind == 'w' && count == 4 && master >= 0) {
    struct winsize size = {.ws_col = (unsigned short)number(body, 2), .ws_row = (unsigned short)number(body + 2, 2)};
    ioctl(master, TIOCSWINSZ, &size);
  } else if (kind == 'r' && count == 4) {
    bytes_per_second = number(body, 4);
    paid_until_ms = now_ms();
    allowance = 0;
  } else if (kind == 's' && count == 1 && !has_ended) kill(program, body[0]);
  else if (kind == 'q' && count == 1) is_stopped = body[0];
  else if (kind == 'm') tell_mode();
  else if (kind == 'h') hang_up();
}

static void read_commands(void) {
  ssize_t got = read(STDIN_FILENO, commands + commands_held, sizeof commands - commands_held);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got <= 0) {
    hang_up();
    close(STDIN_FILENO);
    return;
  }
  commands_held += (size_t)got;
  size_t at = 0;
  while (commands_held - at >= head_bytes) {
    uint32_t count = number(commands + at + 1, 4);
    if (count > most_frame) exit(64);
    if (commands_held - at < head_bytes + count) break;
    obey((char)commands[at], commands + at + head_bytes, count);
    at += head_bytes + count;
  }
  memmove(commands, commands + at, commands_held - at);
  commands_held -= at;
}

static void type_keys(void) {
  ssize_t written = write(master, keys, keys_held);
  if (written < 0) return;
  memmove(keys, keys + written, keys_held - (size_t)written);
  keys_held -= (size_t)written;
}

/* What a line of that speed has carried since it was looked at last; never more than a fifth of a second in one piece. */
static size_t carried(void) {
  if (bytes_per_second == 0) return most_chunk;
  int64_t now = now_ms();
  allowance += (double)(now - paid_until_ms) * (double)bytes_per_second / 1000;
  paid_until_ms = now;
  double most = (double)bytes_per_second / 5 + 1;
  if (allowance > most) allowance = most;
  return allowance >= most_chunk ? most_chunk : (size_t)allowance;
}

/* False when there is nothing and never will be. */
static int read_screen(void) {
  unsigned char chunk[most_chunk];
  size_t most = carried();
  if (most == 0) return 1;
  ssize_t got = read(master, chunk, most);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
  if (got <= 0) return 0;
  if (bytes_per_second != 0) allowance -= (double)got;
  tell('o', chunk, (uint32_t)got);
  if (has_ended) ended_ms = now_ms();
  return 1;
}

static void look_after_program(void) {
  int status;
  if (!has_ended && waitpid(program, &status, WNOHANG) == program) {
    has_ended = 1;
    ended_ms = now_ms();
    ended_by_signal = WIFSIGNALED(status);
    ended_with = ended_by_signal ? WTERMSIG(status) : WEXITSTATUS(status);
  }
  if (!has_ended && hung_up_ms >= 0 && now_ms() - hung_up_ms > patience_ms) kill(program, SIGKILL);
}

static void start(char **argv) {
  struct winsize size = {.ws_col = (unsigned short)atoi(argv[1]), .ws_row = (unsigned short)atoi(argv[2])};
  bytes_per_second = strtoul(argv[3], NULL, 10);
  program = forkpty(&master, NULL, NULL, &size);
  if (program < 0) fail("forkpty");
  if (program == 0) {
    execvp(argv[4], argv + 4);
    fprintf(stderr, "line: %s: %s\n", argv[4], strerror(errno));
    _exit(127);
  }
  fcntl(master, F_SETFL, O_NONBLOCK);
  fcntl(master, F_SETFD, FD_CLOEXEC);
  unsigned char told[4] = {program >> 24, program >> 16, program >> 8, program};
  tell('p', told, sizeof told);
}

/* What it wrote last is read before its end is told; something else that holds the line open is not waited for. */
static int is_over(void) {
  return has_ended && (master < 0 || now_ms() - ended_ms > drain_ms);
}

int main(int argc, char **argv) {
  if (argc < 5 || (keys = malloc(most_keys + most_frame)) == NULL) {
    fprintf(stderr, "usage: line COLUMNS ROWS BYTES_PER_SECOND PROGRAM [ARGUMENT...]\n");
    return 64;
  }
  signal(SIGPIPE, SIG_IGN);
  start(argv);
  int is_fed = 1;
  while (!is_over()) {
    struct pollfd ends[2] = {
        {.fd = is_fed && keys_held < most_keys ? STDIN_FILENO : -1, .events = POLLIN},
        {.fd = master, .events = (short)((is_stopped || (bytes_per_second != 0 && carried() == 0) ? 0 : POLLIN) | (keys_held > 0 ? POLLOUT : 0))},
    };
    if (ends[1].events == 0) ends[1].fd = -1;
    poll(ends, 2, tick_ms);
    if (ends[0].revents != 0) {
      read_commands();
      if (fcntl(STDIN_FILENO, F_GETFD) < 0) is_fed = 0;
    }
    if (master >= 0 && (ends[1].revents & POLLOUT)) type_keys();
    if (master >= 0 && !is_stopped && (ends[1].revents & (POLLIN | POLLHUP)) && !read_screen()) {
      if (has_ended) break;
      usleep(1000);
    }
    look_after_program();
  }
  unsigned char end[2] = {(unsigned char)ended_by_signal, (unsigned char)ended_with};
  tell('x', end, sizeof end);
  return 0;
}
