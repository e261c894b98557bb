// The kernels that were compiled in. Each .cu file registers its own: see src/build.ts.
#pragma once
#include <cstddef>
#include <utility>
#include <vector>

namespace emulator {

struct Kernel {
  const char* name;
  void (*run)(void** parameters);
  std::vector<size_t> sizes;  // of the parameters, in bytes
};

std::vector<Kernel>& kernels();

template <class... P, size_t... I>
void call(void (*f)(P...), void** p, std::index_sequence<I...>) {
  f(*reinterpret_cast<std::remove_reference_t<P>*>(p[I])...);
}

template <auto F, class... P>
Kernel describe(const char* name, void (*)(P...)) {
  return {name, [](void** p) { call(F, p, std::index_sequence_for<P...>()); }, {sizeof(P)...}};
}

struct Registration {
  explicit Registration(Kernel kernel) { kernels().push_back(std::move(kernel)); }
};

#define EMULATE(name) static const emulator::Registration registered_##name(emulator::describe<&name>(#name, &name))

}  // namespace emulator
