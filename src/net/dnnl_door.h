// SPDX-License-Identifier: Apache-2.0
// Where versions 2 and 3 of oneDNN differ.
#pragma once

#include <dnnl.hpp>

namespace sfumato {

// A primitive's description from what it computes; its working memory comes from us.
template <class Primitive, class... What>
typename Primitive::primitive_desc describe(const dnnl::engine& engine, const dnnl::primitive_attr& attributes,
                                            const What&... what) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(engine, what..., attributes);
#else
  return typename Primitive::primitive_desc(typename Primitive::desc(what...), attributes, engine);
#endif
}

inline dnnl::eltwise_forward::primitive_desc describe_eltwise(const dnnl::engine& engine,
                                                              const dnnl::primitive_attr& attributes,
                                                              dnnl::algorithm algorithm, const dnnl::memory::desc& data,
                                                              float alpha) {
  constexpr auto inference = dnnl::prop_kind::forward_inference;
#if DNNL_VERSION_MAJOR >= 3
  return describe<dnnl::eltwise_forward>(engine, attributes, inference, algorithm, data, data, alpha, 0.0f);
#else
  return describe<dnnl::eltwise_forward>(engine, attributes, inference, algorithm, data, alpha, 0.0f);
#endif
}

inline dnnl::batch_normalization_forward::primitive_desc describe_norm(const dnnl::engine& engine,
                                                                       const dnnl::primitive_attr& attributes,
                                                                       const dnnl::memory::desc& data, float epsilon,
                                                                       dnnl::normalization_flags flags) {
  constexpr auto inference = dnnl::prop_kind::forward_inference;
#if DNNL_VERSION_MAJOR >= 3
  return describe<dnnl::batch_normalization_forward>(engine, attributes, inference, data, data, epsilon, flags);
#else
  return describe<dnnl::batch_normalization_forward>(engine, attributes, inference, data, epsilon, flags);
#endif
}

inline dnnl::pooling_forward::primitive_desc describe_pool(
    const dnnl::engine& engine, const dnnl::primitive_attr& attributes, dnnl::algorithm algorithm,
    const dnnl::memory::desc& from, const dnnl::memory::desc& to, const dnnl::memory::dims& strides,
    const dnnl::memory::dims& kernel, const dnnl::memory::dims& before, const dnnl::memory::dims& after) {
  constexpr auto inference = dnnl::prop_kind::forward_inference;
#if DNNL_VERSION_MAJOR >= 3
  return describe<dnnl::pooling_forward>(engine, attributes, inference, algorithm, from, to, strides, kernel,
                                         dnnl::memory::dims{0, 0}, before, after);
#else
  return describe<dnnl::pooling_forward>(engine, attributes, inference, algorithm, from, to, strides, kernel, before,
                                         after);
#endif
}

inline dnnl::concat::primitive_desc describe_concat(const dnnl::engine& engine, const dnnl::primitive_attr& attributes,
                                                    const dnnl::memory::desc& to,
                                                    const std::vector<dnnl::memory::desc>& from) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl::concat::primitive_desc(engine, to, 1, from, attributes);
#else
  return dnnl::concat::primitive_desc(to, 1, from, engine, attributes);
#endif
}

inline void append_activation(dnnl::post_ops& post, dnnl::algorithm algorithm, float alpha) {
#if DNNL_VERSION_MAJOR >= 3
  post.append_eltwise(algorithm, alpha, 0.0f);
#else
  post.append_eltwise(1.0f, algorithm, alpha, 0.0f);
#endif
}

}  // namespace sfumato
