# Embeds nets/*.safetensors into the library: dropping a file in adds a built-in network.
include(cmake/embed.cmake)
file(GLOB net_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/nets/*.safetensors)
embed_files(builtin_nets ${PROJECT_SOURCE_DIR}/nets "${net_files}" net/builtin_nets.h BuiltinNet)
