package io.tollgate.e2e.demo;

/**
 * Writes calls of the admin API. Immutable.
 *
 * @param tokenFile where the token lies, as the reader of the curl lines would name it
 */
record Admin(String url, String token, String tokenFile) {

    Call get(String path) {
        return call("GET", path);
    }

    Call post(String path, String json) {
        return call("POST", path).json(json);
    }

    Call delete(String path, String etag) {
        return call("DELETE", path).header("If-Match", etag);
    }

    private Call call(String method, String path) {
        return Call.of(method, url + path)
                .header("Authorization", "Bearer " + token, "Bearer $(cat " + tokenFile + ")");
    }
}
