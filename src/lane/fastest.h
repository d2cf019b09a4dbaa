// SPDX-License-Identifier: Apache-2.0
// Lane: the fastest lane of the instruction set being compiled for. Only kernels.cpp files include this.
#pragma once

#include "lane/scalar.h"
#ifndef SFM_PLAIN
#include "lane/register.h"
#include "lane/register_tables.h"
#endif

namespace sfumato {
inline namespace SFM_ISA {

#ifdef SFM_PLAIN
using Lane = float;
#else
using Lane = Register;
#endif

}  // namespace SFM_ISA
}  // namespace sfumato
