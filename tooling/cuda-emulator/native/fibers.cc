// See fibers.h. Fibers start by makecontext and switch by _setjmp and _longjmp, which make no system calls.
#include "fibers.h"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <ucontext.h>
#include <vector>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

namespace emulator {

thread_local dim3 threadIndex, blockIndex, blockSize, gridSize;

namespace {

constexpr size_t STACK_BYTES = 64 << 10;
constexpr unsigned WARP = 32;

enum class State { idle, blockBarrier, warpBarrier };

struct Fiber {
  jmp_buf place;
  ucontext_t start;
  State state = State::idle;
  bool hasStarted = false;
  unsigned thread = 0;
  dim3 index;
  std::unique_ptr<char[]> stack{new char[STACK_BYTES]};
  void* sanitizerStack = nullptr;
};

// One OS thread's fibers and the block that they run.
class Worker {
 public:
  // Returns what went wrong, or nothing.
  std::string runBlock(const Launch& given) {
    launch = &given;
    threads = given.block.x * given.block.y * given.block.z;
    next = 0;
    waiting.clear();
    start();
    while (!waiting.empty())
      if (!release()) return divergence();
    return {};
  }

  void wait(State state) {
    Fiber& fiber = *running;
    fiber.state = state;
    if (_setjmp(fiber.place) == 0) leave(fiber);
    finishSwitch(fiber.sanitizerStack);
  }

  uint64_t slots[1024];

 private:
  const Launch* launch = nullptr;
  unsigned threads = 0, next = 0;
  std::vector<std::unique_ptr<Fiber>> fibers;
  std::vector<Fiber*> idle, waiting;
  Fiber* running = nullptr;
  jmp_buf scheduler;
  void* schedulerSanitizerStack = nullptr;
  const void* schedulerBottom = nullptr;
  size_t schedulerSize = 0;

  // Runs every thread up to its first barrier or its end.
  void start() {
    while (next < threads) {
      if (idle.empty()) {
        fibers.push_back(std::make_unique<Fiber>());
        idle.push_back(fibers.back().get());
      }
      Fiber* fiber = idle.back();
      idle.pop_back();
      resume(*fiber);
      (fiber->state == State::idle ? idle : waiting).push_back(fiber);
    }
  }

  // Lets those go on whose barrier is complete. False: nobody can.
  bool release() {
    std::vector<Fiber*> released, held;
    const bool allAtBlockBarrier = waiting.size() == threads && std::all_of(waiting.begin(), waiting.end(), [](Fiber* f) {
      return f->state == State::blockBarrier;
    });
    // A warp's barrier counts the threads of the warp that have not ended.
    std::vector<unsigned> blocked((threads + WARP - 1) / WARP);
    for (Fiber* f : waiting) blocked[f->thread / WARP] += f->state == State::blockBarrier;
    for (Fiber* f : waiting) {
      const bool goes = allAtBlockBarrier || (f->state == State::warpBarrier && blocked[f->thread / WARP] == 0);
      (goes ? released : held).push_back(f);
    }
    waiting = std::move(held);
    for (Fiber* f : released) {
      resume(*f);
      (f->state == State::idle ? idle : waiting).push_back(f);
    }
    return !released.empty();
  }

  std::string divergence() {
    unsigned atBlock = 0;
    for (Fiber* f : waiting) atBlock += f->state == State::blockBarrier;
    char text[200];
    snprintf(text, sizeof text,
             "barrier divergence in block (%u, %u, %u): of %u threads %u wait at __syncthreads, %zu at a warp barrier, %zu have ended",
             blockIndex.x, blockIndex.y, blockIndex.z, threads, atBlock, waiting.size() - atBlock, threads - waiting.size());
    // The stuck fibers cannot go on: they are thrown away.
    fibers.clear();
    idle.clear();
    return text;
  }

  void resume(Fiber& fiber) {
    running = &fiber;
    threadIndex = fiber.index;
    if (_setjmp(scheduler) == 0) {
#ifdef __SANITIZE_ADDRESS__
      __sanitizer_start_switch_fiber(&schedulerSanitizerStack, fiber.stack.get(), STACK_BYTES);
#endif
      if (fiber.hasStarted) _longjmp(fiber.place, 1);
      fiber.hasStarted = true;
      getcontext(&fiber.start);
      fiber.start.uc_stack.ss_sp = fiber.stack.get();
      fiber.start.uc_stack.ss_size = STACK_BYTES;
      fiber.start.uc_link = nullptr;
      makecontext(&fiber.start, enter, 0);
      setcontext(&fiber.start);
    }
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(schedulerSanitizerStack, nullptr, nullptr);
#endif
  }

  // From a fiber back to the scheduler.
  [[noreturn]] void leave(Fiber& fiber) {
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_start_switch_fiber(&fiber.sanitizerStack, schedulerBottom, schedulerSize);
#else
    (void)fiber;
#endif
    _longjmp(scheduler, 1);
  }

  void finishSwitch(void* from) {
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(from, &schedulerBottom, &schedulerSize);
#else
    (void)from;
#endif
  }

  static void enter();

  // A fiber's life: thread after thread, as long as a block has some that have not started.
  [[noreturn]] void live() {
    finishSwitch(nullptr);
    for (;;) {
      Fiber& fiber = *running;
      while (next < threads) {
        const unsigned t = next++;
        const dim3& size = launch->block;
        fiber.thread = t;
        threadIndex = fiber.index = {t % size.x, t / size.x % size.y, t / size.x / size.y};
        launch->kernel(launch->parameters);
      }
      wait(State::idle);
    }
  }
};

thread_local std::unique_ptr<Worker> current;

Worker& worker() {
  if (!current) current = std::make_unique<Worker>();
  return *current;
}

void Worker::enter() { worker().live(); }

unsigned osThreads() {
  const char* wanted = getenv("CUDA_EMULATOR_THREADS");
  return std::max(1u, wanted ? unsigned(atoi(wanted)) : std::thread::hardware_concurrency());
}

// Fewer threads than this are not worth a second OS thread.
constexpr uint64_t LEAST_THREADS = 2048;

}  // namespace

unsigned linearThread() { return threadIndex.x + blockSize.x * (threadIndex.y + blockSize.y * threadIndex.z); }
void blockBarrier() { worker().wait(State::blockBarrier); }
void warpBarrier() { worker().wait(State::warpBarrier); }

uint64_t exchange(uint64_t mine, int lane) {
  const unsigned thread = linearThread(), first = thread / WARP * WARP;
  const unsigned size = std::min(WARP, blockSize.x * blockSize.y * blockSize.z - first);
  uint64_t* slots = worker().slots;
  slots[thread] = mine;
  warpBarrier();
  const uint64_t theirs = lane >= 0 && unsigned(lane) < size ? slots[first + lane] : mine;
  warpBarrier();
  return theirs;
}

std::string run(const Launch& launch) {
  const dim3& grid = launch.grid;
  const uint64_t blocks = uint64_t(grid.x) * grid.y * grid.z;
  const uint64_t threads = blocks * launch.block.x * launch.block.y * launch.block.z;
  std::atomic<uint64_t> next{0};
  std::mutex mutex;
  std::string failure;
  auto work = [&] {
    blockSize = launch.block;
    gridSize = grid;
    for (uint64_t b; (b = next++) < blocks;) {
      blockIndex = {unsigned(b % grid.x), unsigned(b / grid.x % grid.y), unsigned(b / grid.x / grid.y)};
      std::string wrong = worker().runBlock(launch);
      if (wrong.empty()) continue;
      std::lock_guard<std::mutex> lock(mutex);
      failure = wrong;
      next = blocks;
    }
  };
  std::vector<std::thread> others;
  const uint64_t helpers = threads < LEAST_THREADS ? 0 : std::min<uint64_t>(osThreads(), blocks) - 1;
  for (uint64_t i = 0; i < helpers; ++i) others.emplace_back(work);
  work();
  for (auto& other : others) other.join();
  return failure;
}

}  // namespace emulator
