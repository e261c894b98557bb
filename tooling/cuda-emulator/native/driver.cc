// The functions of the CUDA driver API that a program without graphs or peers needs, on the CPU. A module's PTX is read only for the
// names and parameters of its entries: what runs is the same source compiled by g++.
#include <cstdio>
#include <chrono>
#include <memory>

#include "fibers.h"
#include "memory.h"
#include "registry.h"
#include "stream.h"

using namespace emulator;

typedef int CUresult;
enum : int {
  SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, INVALID_DEVICE = 101, INVALID_IMAGE = 200,
  INVALID_HANDLE = 400, NOT_FOUND = 500, NOT_READY = 600, ILLEGAL_ADDRESS = 700, LAUNCH_FAILED = 719
};

namespace emulator {
std::vector<Kernel>& kernels() {
  static std::vector<Kernel> all;
  return all;
}
}  // namespace emulator

namespace {
constexpr unsigned MOST_THREADS = 1024, MOST_BLOCKS_YZ = 65535, MOST_THREADS_Z = 64;
enum : int { MAX_THREADS = 1, MULTIPROCESSORS = 16, CAPABILITY_MAJOR = 75, CAPABILITY_MINOR = 76 };

bool isInitialized = false;
int holders = 0;  // of the context
int sticky = SUCCESS;  // as on a GPU: after a failed kernel the context is of no use any more
// What cuGetErrorString says of a code, where more is known than its name.
int explainedCode = SUCCESS;
std::string explanation;

int explain(int code, const std::string& text) {
  explanation = text;
  return explainedCode = code;
}

int lose(int code, const std::string& text) { return sticky = explain(code, text); }

struct Module {
  std::string image;
};
struct Event {
  std::chrono::steady_clock::time_point time;
  bool isDone = true;
};

int environmentNumber(const char* name, int otherwise) {
  const char* text = getenv(name);
  return text ? atoi(text) : otherwise;
}

// Sizes of the .param list of an entry, to be compared with those of the compiled kernel; empty text: no such entry.
bool parameterSizes(const std::string& image, const std::string& name, std::vector<size_t>* sizes) {
  const size_t start = image.find(".entry " + name + "(");
  if (start == std::string::npos) return false;
  const std::string list = image.substr(start, image.find(')', start) - start);
  for (size_t at = list.find(".param"); at != std::string::npos; at = list.find(".param", at + 6)) {
    const size_t end = std::min(list.find(".param", at + 6), list.size());
    const std::string one = list.substr(at, end - at);
    const size_t bracket = one.find('[');
    if (bracket != std::string::npos) sizes->push_back(strtoul(one.c_str() + bracket + 1, nullptr, 10));
    else sizes->push_back(one.find("64 ") != std::string::npos ? 8 : 4);
  }
  return true;
}

int runKernel(const Kernel& kernel, dim3 grid, dim3 block, void** parameters) {
  const std::string wrong = run({kernel.run, parameters, grid, block});
  if (!wrong.empty()) return lose(LAUNCH_FAILED, std::string(kernel.name) + ": " + wrong);
  const std::string outside = damage();
  return outside.empty() ? int(SUCCESS) : lose(ILLEGAL_ADDRESS, std::string(kernel.name) + ": " + outside);
}
}  // namespace

#define API extern "C" __attribute__((visibility("default"))) CUresult
#define REQUIRE_CONTEXT                      \
  if (!isInitialized) return NOT_INITIALIZED; \
  if (sticky) return sticky
#define FLUSH \
  if (const int failure = flush()) return sticky = failure

API cuInit(unsigned) {
  isInitialized = true;
  const char* streams = getenv("CUDA_EMULATOR_STREAMS");
  setDeferred(streams && !strcmp(streams, "deferred"));
  return environmentNumber("CUDA_EMULATOR_INIT_RESULT", SUCCESS);
}
API cuDriverGetVersion(int* version) {
  *version = environmentNumber("CUDA_EMULATOR_DRIVER_VERSION", 13000);
  return SUCCESS;
}
API cuGetErrorName(int code, const char** name) {
  switch (code) {
    case OUT_OF_MEMORY: *name = "CUDA_ERROR_OUT_OF_MEMORY"; break;
    case INVALID_VALUE: *name = "CUDA_ERROR_INVALID_VALUE"; break;
    case ILLEGAL_ADDRESS: *name = "CUDA_ERROR_ILLEGAL_ADDRESS"; break;
    case LAUNCH_FAILED: *name = "CUDA_ERROR_LAUNCH_FAILED"; break;
    default: *name = "CUDA_ERROR_UNKNOWN";
  }
  return SUCCESS;
}
API cuGetErrorString(int code, const char** text) {
  if (!code || code != explainedCode) return cuGetErrorName(code, text);
  *text = explanation.c_str();
  return SUCCESS;
}
API cuDeviceGetCount(int* count) {
  *count = environmentNumber("CUDA_EMULATOR_DEVICES", 1);
  return SUCCESS;
}
API cuDeviceGet(int* device, int ordinal) {
  *device = ordinal;
  return SUCCESS;
}
API cuDeviceGetName(char* name, int size, int) {
  snprintf(name, size, "CUDA emulator on the CPU");
  return SUCCESS;
}
API cuDeviceTotalMem_v2(size_t* bytes, int) {
  *bytes = totalBytes();
  return SUCCESS;
}
API cuDeviceGetAttribute(int* value, int attribute, int) {
  switch (attribute) {
    case CAPABILITY_MAJOR: *value = 7; break;
    case CAPABILITY_MINOR: *value = 5; break;
    case MULTIPROCESSORS: *value = environmentNumber("CUDA_EMULATOR_MULTIPROCESSORS", 1); break;
    case MAX_THREADS: *value = MOST_THREADS; break;
    default: *value = 0;
  }
  return SUCCESS;
}
API cuDevicePrimaryCtxRetain(void** context, int) {
  if (!isInitialized) return NOT_INITIALIZED;
  ++holders;
  *context = reinterpret_cast<void*>(1);
  return SUCCESS;
}
// With the last holder go memory and failures.
API cuDevicePrimaryCtxRelease_v2(int) {
  if (holders > 0 && --holders > 0) return SUCCESS;
  forget();
  releaseAll();
  sticky = explainedCode = SUCCESS;
  return SUCCESS;
}
API cuCtxSetCurrent(void*) { return SUCCESS; }
API cuMemGetInfo_v2(size_t* available, size_t* total) {
  REQUIRE_CONTEXT;
  *available = freeBytes();
  *total = totalBytes();
  return SUCCESS;
}
API cuMemAlloc_v2(Address* address, size_t bytes) {
  REQUIRE_CONTEXT;
  if (!bytes) return INVALID_VALUE;
  return allocate(address, bytes) == Allocation::done ? SUCCESS : OUT_OF_MEMORY;
}
API cuMemFree_v2(Address address) {
  REQUIRE_CONTEXT;
  FLUSH;
  return release(address) ? SUCCESS : INVALID_VALUE;
}
// Not ordered with a non-blocking stream: it does not wait.
API cuMemcpyDtoH_v2(void* to, Address from, size_t bytes) {
  REQUIRE_CONTEXT;
  if (!isInside(from, bytes)) return INVALID_VALUE;
  memcpy(to, reinterpret_cast<void*>(from), bytes);
  return SUCCESS;
}
API cuMemcpyHtoD_v2(Address to, const void* from, size_t bytes) {
  REQUIRE_CONTEXT;
  if (!isInside(to, bytes)) return INVALID_VALUE;
  memcpy(reinterpret_cast<void*>(to), from, bytes);
  return SUCCESS;
}
// Pageable memory is staged before the call returns: its owner may change it.
API cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t bytes, void*) {
  REQUIRE_CONTEXT;
  if (!isInside(to, bytes)) return INVALID_VALUE;
  const std::string staged(static_cast<const char*>(from), bytes);
  return enqueue([=] {
    memcpy(reinterpret_cast<void*>(to), staged.data(), bytes);
    return SUCCESS;
  });
}
API cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, void*) {
  REQUIRE_CONTEXT;
  if (!isInside(to, bytes) || !isInside(from, bytes)) return INVALID_VALUE;
  return enqueue([=] {
    memmove(reinterpret_cast<void*>(to), reinterpret_cast<void*>(from), bytes);
    return SUCCESS;
  });
}
API cuMemsetD32Async(Address to, unsigned value, size_t count, void*) {
  REQUIRE_CONTEXT;
  if (!isInside(to, count * 4)) return INVALID_VALUE;
  return enqueue([=] {
    std::fill_n(reinterpret_cast<uint32_t*>(to), count, value);
    return SUCCESS;
  });
}

API cuModuleLoadData(void** module, const void* image) {
  REQUIRE_CONTEXT;
  const char* text = static_cast<const char*>(image);
  if (!strstr(text, ".entry")) return INVALID_IMAGE;
  *module = new Module{text};
  return SUCCESS;
}
API cuModuleUnload(Module* module) {
  delete module;
  return SUCCESS;
}
API cuModuleGetFunction(const Kernel** function, const Module* module, const char* name) {
  REQUIRE_CONTEXT;
  std::vector<size_t> sizes;
  if (!parameterSizes(module->image, name, &sizes)) return NOT_FOUND;
  for (const Kernel& kernel : kernels()) {
    if (strcmp(kernel.name, name)) continue;
    if (kernel.sizes != sizes) break;
    *function = &kernel;
    return SUCCESS;
  }
  return explain(NOT_FOUND, std::string("the PTX of ") + name + " is not that of the sources: build it again");
}
API cuLaunchKernel(const Kernel* kernel, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
                   unsigned blockZ, unsigned dynamicBytes, void*, void** parameters, void** extra) {
  REQUIRE_CONTEXT;
  if (!kernel) return INVALID_HANDLE;
  const size_t threads = size_t(blockX) * blockY * blockZ;
  const bool isGrid = gridX && gridX < 1u << 31 && gridY && gridY <= MOST_BLOCKS_YZ && gridZ && gridZ <= MOST_BLOCKS_YZ;
  if (!isGrid || !threads || threads > MOST_THREADS || blockZ > MOST_THREADS_Z || dynamicBytes || extra || !parameters)
    return INVALID_VALUE;
  // Parameters are taken now, whenever the kernel runs.
  auto values = std::make_shared<std::vector<std::string>>();
  for (size_t i = 0; i < kernel->sizes.size(); ++i)
    values->emplace_back(static_cast<const char*>(parameters[i]), kernel->sizes[i]);
  return enqueue([=] {
    std::vector<void*> pointers;
    for (std::string& value : *values) pointers.push_back(&value[0]);
    return runKernel(*kernel, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, pointers.data());
  });
}

API cuStreamCreate(void** stream, unsigned) {
  REQUIRE_CONTEXT;
  *stream = reinterpret_cast<void*>(2);
  return SUCCESS;
}
API cuStreamSynchronize(void*) {
  REQUIRE_CONTEXT;
  FLUSH;
  return SUCCESS;
}
API cuStreamQuery(void*) {
  REQUIRE_CONTEXT;
  if (isEmpty()) return SUCCESS;
  FLUSH;
  return NOT_READY;  // done by the next time
}
API cuStreamDestroy_v2(void*) { return SUCCESS; }

API cuEventCreate(Event** event, unsigned) {
  REQUIRE_CONTEXT;
  *event = new Event;
  return SUCCESS;
}
API cuEventRecord(Event* event, void*) {
  REQUIRE_CONTEXT;
  event->isDone = false;
  return enqueue([=] {
    event->time = std::chrono::steady_clock::now();
    event->isDone = true;
    return SUCCESS;
  });
}
API cuEventQuery(Event* event) {
  REQUIRE_CONTEXT;
  if (event->isDone) return SUCCESS;
  FLUSH;
  return NOT_READY;  // done by the next time
}
API cuEventSynchronize(Event*) {
  REQUIRE_CONTEXT;
  FLUSH;
  return SUCCESS;
}
API cuEventElapsedTime(float* milliseconds, const Event* start, const Event* end) {
  *milliseconds = std::chrono::duration<float, std::milli>(end->time - start->time).count();
  return start->isDone && end->isDone ? SUCCESS : NOT_READY;
}
API cuEventDestroy_v2(Event* event) {
  delete event;
  return SUCCESS;
}
