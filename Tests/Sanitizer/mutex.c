// Tells the thread sanitizer of the locks that it cannot see.
//
// The quick half of Swift's Mutex is compiled into whoever uses it, and so is the sanitizer's eye on it; the slow half, for a lock that
// others hold, is in libswiftSynchronization, which is built without. Loaded before that library, the two functions here stand in front
// of its own. To be deleted when the sanitizer needs no help: Tests/sanitize thread then passes without.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

// Programs without the sanitizer load this too.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

typedef __attribute__((swiftcall)) void (*lock_function)(uint32_t thread, __attribute__((swift_context)) void *self);
typedef __attribute__((swiftcall)) void (*unlock_function)(__attribute__((swift_context)) void *self);

__attribute__((swiftcall)) void slotd_lock_slow(uint32_t thread, __attribute__((swift_context)) void *self) __asm__(LOCK);
__attribute__((swiftcall)) void slotd_unlock_slow(__attribute__((swift_context)) void *self) __asm__(UNLOCK);

__attribute__((swiftcall)) void slotd_lock_slow(uint32_t thread, __attribute__((swift_context)) void *self) {
  ((lock_function)dlsym(RTLD_NEXT, LOCK))(thread, self);
  if (__tsan_acquire) __tsan_acquire(self);
}

__attribute__((swiftcall)) void slotd_unlock_slow(__attribute__((swift_context)) void *self) {
  if (__tsan_release) __tsan_release(self);
  ((unlock_function)dlsym(RTLD_NEXT, UNLOCK))(self);
}
