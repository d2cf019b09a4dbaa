# What `cmake --install` puts where: the program with its manual page and completions, the library with its headers,
# its CMake package and its pkg-config file.
include(CMakePackageConfigHelpers)

install(TARGETS sfumato-cli)
install(TARGETS sfumato EXPORT sfumato)
install(DIRECTORY include/sfumato TYPE INCLUDE)
install(FILES LICENSE TYPE DOC)

# Told by the program itself, whose options they list.
set(told ${PROJECT_BINARY_DIR}/generated/told)
set(manual_page ${told}/sfumato.1)
set(bash_completion ${told}/sfumato)
set(fish_completion ${told}/sfumato.fish)
add_custom_command(
  OUTPUT ${manual_page} ${bash_completion} ${fish_completion}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${told}
  COMMAND sfumato-cli completion man > ${manual_page}
  COMMAND sfumato-cli completion bash > ${bash_completion}
  COMMAND sfumato-cli completion fish > ${fish_completion}
  DEPENDS sfumato-cli
  VERBATIM)
add_custom_target(told ALL DEPENDS ${manual_page} ${bash_completion} ${fish_completion})
install(FILES ${manual_page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${bash_completion} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${fish_completion} DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/sfumato)
install(EXPORT sfumato NAMESPACE sfumato:: DESTINATION ${package} FILE sfumato-targets.cmake)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/sfumato-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/sfumato-config.cmake ${PROJECT_BINARY_DIR}/sfumato-config-version.cmake DESTINATION ${package})
file(RELATIVE_PATH include_from_pc ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(cmake/sfumato.pc.in sfumato.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/sfumato.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
