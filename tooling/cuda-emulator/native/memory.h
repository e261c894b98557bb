// "Device" memory: host memory between red zones, filled with NaN. What a kernel writes outside is found after its launch, or, with
// AddressSanitizer, at the instruction.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace emulator {

typedef uint64_t Address;

enum class Allocation { done, outOfMemory };

Allocation allocate(Address* address, size_t bytes);
// False: not an allocation.
bool release(Address address);
void releaseAll();
// Whether [address, address + bytes) lies within one allocation.
bool isInside(Address address, size_t bytes);
// Says which red zone is damaged, or nothing.
std::string damage();
size_t totalBytes();
size_t freeBytes();

}  // namespace emulator
