package io.tollgate.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallTest {
    @TempDir
    Path directory;

    /** What a shell would hand to curl, one argument a line. */
    private static String argumentsOf(Call call) throws Exception {
        Process shell = new ProcessBuilder("bash", "-c", "curl() { printf '%s\\n' \"$@\"; }; " + call.curl()).start();
        String arguments = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        return arguments;
    }

    @Test
    void curl_readByAShell_sendsWhatTheRequestSends() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "secret-token\n");
        Call call = new Admin("http://localhost:9080", "secret-token", token.toString())
                .post("/v1/x?a=1&b=2", "{\"name\":\"it's $HOME \\\"here\\\"\"}")
                .header("If-Match", "\"7\"");

        assertThat(argumentsOf(call)).isEqualTo("""
                -i
                -X
                POST
                http://localhost:9080/v1/x?a=1&b=2
                -H
                Authorization: Bearer secret-token
                -H
                Content-Type: application/json
                -H
                If-Match: "7"
                -d
                {"name":"it's $HOME \\"here\\""}
                """);
    }

    @Test
    void curl_ofAToken_showsTheFileInstead() {
        Call call = new Admin("http://localhost:9080", "secret-token", "var/admin-token").get("/v1/nodes");

        assertThat(call.curl()).contains("$(cat var/admin-token)").doesNotContain("secret-token");
    }
}
