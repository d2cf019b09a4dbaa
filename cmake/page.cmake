# Embeds studio/page/built into the studio: a checkout without Node builds the program with it.
include(cmake/embed.cmake)
file(GLOB_RECURSE page_built CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/studio/page/built/*)
embed_files(page_files ${PROJECT_SOURCE_DIR}/studio/page/built "${page_built}" page.h PageFile)
