# harness/build_info.cmake: writes build_info.h. Run by every build, since a commit changes no file that a
# build looks at.
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
  OUTPUT_VARIABLE HARNESS_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed OR HARNESS_COMMIT STREQUAL "")
  set(HARNESS_COMMIT "no git commit")
endif()
configure_file(${SOURCE}/harness/build_info.h.in ${OUTPUT} @ONLY)
