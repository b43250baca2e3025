// kernels/cpu_level.h: which instruction sets the running CPU and its operating system offer.
#pragma once

namespace kernels {

/// The levels of the x86-64 psABI (https://gitlab.com/x86-psABIs/x86-64-ABI, section "Micro-Architecture
/// Levels"). `baseline` is what the project asks of any machine: x86-64-v2, or any arm64.
enum class CpuLevel { baseline, x86_64_v3, x86_64_v4 };

/// The highest level that the running CPU offers. Reads a few flags that were set when the program was
/// loaded.
CpuLevel cpu_level();

/// "x86-64-v3", as compilers know it; "" for the baseline of arm64.
const char* name_of(CpuLevel level);

}  // namespace kernels
