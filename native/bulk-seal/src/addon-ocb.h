#ifndef BULK_SEAL_ADDON_OCB_H
#define BULK_SEAL_ADDON_OCB_H

#include <node_api.h>
#include <stdbool.h>

/* Offers ocbCreate, ocbStart, ocbUpdate, ocbFinish, ocbDispose. */
bool offer_ocb(napi_env env, napi_value exports);

#endif
