// When work that was put on a stream is done. Eager: at once. Deferred: when something waits for it, as late as CUDA allows, so that
// a copy which is not ordered with the stream's kernels shows as wrong numbers.
#pragma once
#include <functional>

namespace emulator {

// Work gives a CUresult.
typedef std::function<int()> Work;

void setDeferred(bool isDeferred);
bool isDeferred();
int enqueue(Work work);
// Does what is waiting; gives the first failure.
int flush();
bool isEmpty();
void forget();

}  // namespace emulator
