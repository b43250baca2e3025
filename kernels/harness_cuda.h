/* kernels/harness_cuda.h: what the module harness_cuda.so offers to the program.
 *
 * The module has the CUDA kernels and NVIDIA's runtime library. It is loaded when the first row runs that
 * needs it, so that neither is a part of any other run. Program and module share plain C and a version number
 * only. Everything is for one thread. */
#ifndef HARNESS_CUDA_H
#define HARNESS_CUDA_H

#include <stdint.h>

/* Changes whenever what is below does. */
#define HARNESS_CUDA_VERSION 1

#ifdef __cplusplus
extern "C" {
#endif

/* What a kernel makes of an image, the pixels one after the other without gaps. */
enum harness_cuda_kernel {
  HARNESS_CUDA_GRAYSCALE, /* (B*3735 + G*19235 + R*9798 + 16384) >> 15 for each pixel, as grayscale.h has it
                           */
  HARNESS_CUDA_READ3_WRITE1, /* no image: of 16 pixels, which are 48 bytes, byte i ^ byte 16 + i ^ byte 32 +
                                i; of each that is left at the end B ^ G ^ R */
};

/* What run() moves between the host's memory and the device's. */
enum harness_cuda_transfer {
  HARNESS_CUDA_TRANSFER_NONE, /* nothing */
  HARNESS_CUDA_TRANSFER_BOTH, /* the image to the device, and the gray pixels back */
};

enum harness_cuda_state {
  HARNESS_CUDA_READY,
  HARNESS_CUDA_NO_DRIVER,  /* there is no libcuda.so.1 */
  HARNESS_CUDA_OLD_DRIVER, /* it is older than the runtime library in the module */
  HARNESS_CUDA_NO_DEVICE,  /* it has no device, or CUDA_VISIBLE_DEVICES leaves none */
};

/* An image in the memory of CUDA's first device. */
struct harness_cuda_job;

/* A function that returns a text returns NULL where all went well, and else says what failed: the text is the
 * module's, until its next call. Each returns when the device is done. */
struct harness_cuda_api {
  /* One of enum harness_cuda_state. */
  int32_t (*state)(void);

  /* Takes memory of the device for the image, which is zeroed, and for the gray pixels. bgr: 3 bytes a pixel
   * (blue, green, red), only to be read; gray: 1 byte a pixel. Both are the caller's, without gaps, and
   * outlive the job. *job is to be closed; where it fails it is NULL. */
  const char* (*open)(struct harness_cuda_job** job, int32_t kernel, int32_t transfer, const uint8_t* bgr,
                      uint8_t* gray, int64_t pixels);

  /* Copies gray to the device, and bgr where run() does not. */
  const char* (*upload)(struct harness_cuda_job* job);

  /* Runs the kernel on the device's memory, and before and after it moves what the job's transfer says. */
  const char* (*run)(struct harness_cuda_job* job);

  /* Copies the device's gray pixels to gray, where run() does not. */
  const char* (*download)(struct harness_cuda_job* job);

  /* The device and its driver; the text is the job's. */
  const char* (*device)(const struct harness_cuda_job* job);

  void (*close)(struct harness_cuda_job* job);
};

/* What the module defines: HARNESS_CUDA_VERSION, and its functions. */
extern __attribute__((visibility("default"))) const int32_t harness_cuda_version;
extern __attribute__((visibility("default"))) const struct harness_cuda_api harness_cuda;

#ifdef __cplusplus
}
#endif

#endif
