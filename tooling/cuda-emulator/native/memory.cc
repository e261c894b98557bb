// See memory.h.
#include "memory.h"

#include <cstdlib>
#include <cstring>
#include <map>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, bytes)
#define ASAN_UNPOISON_MEMORY_REGION(address, bytes)
#endif

namespace emulator {
namespace {

constexpr size_t ZONE = 256, ALIGNMENT = 256;
constexpr unsigned char ZONE_BYTE = 0xA5, FRESH_BYTE = 0xFF;  // 0xFFFFFFFF is a NaN

std::map<Address, size_t> allocations;
size_t used = 0;

bool isWhole(const unsigned char* zone) {
  for (size_t i = 0; i < ZONE; ++i)
    if (zone[i] != ZONE_BYTE) return false;
  return true;
}

}  // namespace

size_t totalBytes() {
  const char* wanted = getenv("CUDA_EMULATOR_MEMORY");
  return wanted ? strtoull(wanted, nullptr, 10) : size_t(4) << 30;
}

size_t freeBytes() { return totalBytes() - used; }

Allocation allocate(Address* address, size_t bytes) {
  if (used + bytes > totalBytes()) return Allocation::outOfMemory;
  const size_t whole = (bytes + 2 * ZONE + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  char* start = static_cast<char*>(aligned_alloc(ALIGNMENT, whole));
  if (!start) return Allocation::outOfMemory;
  memset(start, ZONE_BYTE, ZONE);
  memset(start + ZONE, FRESH_BYTE, bytes);
  memset(start + ZONE + bytes, ZONE_BYTE, ZONE);
  ASAN_POISON_MEMORY_REGION(start, ZONE);
  ASAN_POISON_MEMORY_REGION(start + ZONE + bytes, ZONE);
  *address = Address(start + ZONE);
  allocations[*address] = bytes;
  used += bytes;
  return Allocation::done;
}

bool release(Address address) {
  const auto found = allocations.find(address);
  if (found == allocations.end()) return false;
  char* start = reinterpret_cast<char*>(address) - ZONE;
  ASAN_UNPOISON_MEMORY_REGION(start, found->second + 2 * ZONE);
  used -= found->second;
  allocations.erase(found);
  free(start);
  return true;
}

void releaseAll() {
  while (!allocations.empty()) release(allocations.begin()->first);
}

bool isInside(Address address, size_t bytes) {
  auto after = allocations.upper_bound(address);
  if (after == allocations.begin()) return false;
  const auto& [start, size] = *--after;
  return address + bytes <= start + size;
}

std::string damage() {
#ifndef __SANITIZE_ADDRESS__
  for (const auto& [start, bytes] : allocations) {
    const auto* memory = reinterpret_cast<const unsigned char*>(start);
    if (!isWhole(memory - ZONE)) return "wrote before the start of an allocation of " + std::to_string(bytes) + " bytes";
    if (!isWhole(memory + bytes)) return "wrote past the end of an allocation of " + std::to_string(bytes) + " bytes";
  }
#endif
  return {};
}

}  // namespace emulator
