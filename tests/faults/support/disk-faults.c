/*
 * A disk that fails on request, below Node's fs and LevelDB alike: preloaded (LD_PRELOAD) it lets calls on files under
 * DISK_FAULTS_FOLDER fail as the shared numbers in DISK_FAULTS_CONTROL say. Linux with glibc.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#undef fwrite_unlocked
#undef fflush_unlocked

enum { WRITE = 1, SYNC = 2, CREATE = 4, NAME = 8 };

/* As disk-faults.ts writes them. */
struct control {
  int32_t armed;      /* 0: nothing fails */
  int32_t after;      /* matching calls that still succeed */
  int32_t error;      /* errno */
  int32_t kinds;      /* of calls */
  int32_t lasting;    /* 1: all later ones fail too; 0: one does */
  int32_t short_by;   /* the first failing write still writes this many bytes */
  int32_t failed;     /* calls that failed; counted here */
};

static struct control *control;
static char folder[PATH_MAX];
static size_t folder_length;

__attribute__((constructor)) static void start(void) {
  const char *path = getenv("DISK_FAULTS_CONTROL");
  const char *under = getenv("DISK_FAULTS_FOLDER");
  if (!path || !under || !realpath(under, folder)) return;
  folder_length = strlen(folder);
  int file = syscall(SYS_openat, AT_FDCWD, path, O_RDWR, 0);
  if (file < 0) return;
  void *shared = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (shared != MAP_FAILED) control = shared;
}

#define REAL(result, name, ...) \
  static result (*real)(__VA_ARGS__); \
  if (!real) real = dlsym(RTLD_NEXT, name)

static int fails(int kind) {
  if (!(control->kinds & kind)) return 0;
  if (__sync_fetch_and_sub(&control->after, 1) > 0) return 0;
  if (!control->lasting && !__sync_bool_compare_and_swap(&control->armed, 1, 0)) return 0;
  __sync_fetch_and_add(&control->failed, 1);
  return 1;
}

static int is_under(const char *path) { return strncmp(path, folder, folder_length) == 0; }

static int path_fails(int kind, const char *path) {
  if (!control || !control->armed) return 0;
  if (!is_under(path) || !fails(kind)) return 0;
  errno = control->error;
  return 1;
}

static int file_fails(int kind, int file) {
  if (!control || !control->armed) return 0;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_under(path) && fails(kind);
}

/* Bytes that fit before the disk is full, once. */
static size_t last_room(void) { return __sync_lock_test_and_set(&control->short_by, 0); }

/* What a disk takes before it is full: the caller sees a short write, and the error with the next one. */
static ssize_t cut(int file, const void *bytes, size_t length, off_t at) {
  size_t taken = last_room();
  if (taken > length) taken = length;
  ssize_t written = 0;
  if (taken > 0) written = at < 0 ? syscall(SYS_write, file, bytes, taken) : syscall(SYS_pwrite64, file, bytes, taken, at);
  errno = control->error;
  return taken > 0 && taken < length && control->lasting ? written : -1;
}

ssize_t write(int file, const void *bytes, size_t length) {
  if (file_fails(WRITE, file)) return cut(file, bytes, length, -1);
  REAL(ssize_t, "write", int, const void *, size_t);
  return real(file, bytes, length);
}
ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at) {
  if (file_fails(WRITE, file)) return cut(file, bytes, length, at);
  REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
  return real(file, bytes, length, at);
}
ssize_t pwrite(int file, const void *bytes, size_t length, off_t at) { return pwrite64(file, bytes, length, at); }
ssize_t writev(int file, const struct iovec *parts, int count) {
  if (count > 0 && file_fails(WRITE, file)) return cut(file, parts[0].iov_base, parts[0].iov_len, -1);
  REAL(ssize_t, "writev", int, const struct iovec *, int);
  return real(file, parts, count);
}

/* LevelDB writes by stdio, whose own calls of write() are not to be preloaded. */
static void cut_stream(FILE *stream, const void *more, size_t length) {
  size_t left = last_room();
  size_t waiting = stream->_IO_write_ptr - stream->_IO_write_base;
  size_t first = waiting < left ? waiting : left;
  if (first > 0) left -= syscall(SYS_write, fileno(stream), stream->_IO_write_base, first);
  if (left > length) left = length;
  if (left > 0) syscall(SYS_write, fileno(stream), more, left);
  stream->_IO_write_ptr = stream->_IO_write_base;
  errno = control->error;
}
int fflush_unlocked(FILE *stream) {
  if (stream && stream->_IO_write_ptr > stream->_IO_write_base && file_fails(WRITE, fileno(stream))) {
    cut_stream(stream, NULL, 0);
    return EOF;
  }
  REAL(int, "fflush_unlocked", FILE *);
  return real(stream);
}
size_t fwrite_unlocked(const void *bytes, size_t size, size_t count, FILE *stream) {
  size_t room = stream->_IO_buf_end - stream->_IO_write_ptr;
  if (size * count > room && stream->_IO_buf_base && file_fails(WRITE, fileno(stream))) {
    cut_stream(stream, bytes, size * count);
    return 0;
  }
  REAL(size_t, "fwrite_unlocked", const void *, size_t, size_t, FILE *);
  return real(bytes, size, count, stream);
}

int fsync(int file) {
  if (file_fails(SYNC, file)) return errno = control->error, -1;
  REAL(int, "fsync", int);
  return real(file);
}
int fdatasync(int file) {
  if (file_fails(SYNC, file)) return errno = control->error, -1;
  REAL(int, "fdatasync", int);
  return real(file);
}

static int creates(int flags) { return flags & (O_CREAT | O_TRUNC); }
#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list more; \
    va_start(more, flags); \
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0; \
    va_end(more); \
    if (creates(flags) && path_fails(CREATE, path)) return -1; \
    REAL(int, #name, const char *, int, ...); \
    return real(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)
#define FOPEN(name) \
  FILE *name(const char *path, const char *mode) { \
    if (mode[0] != 'r' && path_fails(CREATE, path)) return NULL; \
    REAL(FILE *, #name, const char *, const char *); \
    return real(path, mode); \
  }
FOPEN(fopen)
FOPEN(fopen64)
int mkdir(const char *path, mode_t mode) {
  if (path_fails(CREATE, path)) return -1;
  REAL(int, "mkdir", const char *, mode_t);
  return real(path, mode);
}
int rename(const char *from, const char *to) {
  if (path_fails(NAME, to)) return -1;
  REAL(int, "rename", const char *, const char *);
  return real(from, to);
}
int link(const char *from, const char *to) {
  if (path_fails(NAME, to)) return -1;
  REAL(int, "link", const char *, const char *);
  return real(from, to);
}
int unlink(const char *path) {
  if (path_fails(NAME, path)) return -1;
  REAL(int, "unlink", const char *);
  return real(path);
}
int ftruncate64(int file, off64_t length) {
  if (file_fails(NAME, file)) return errno = control->error, -1;
  REAL(int, "ftruncate64", int, off64_t);
  return real(file, length);
}
int ftruncate(int file, off_t length) { return ftruncate64(file, length); }
