package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A certificate for 127.0.0.1 that nobody but a bench believes, made by the program openssl. Immutable.
 *
 * @param chain in PEM
 * @param key in PEM
 */
record SelfSigned(String chain, String key) {
    static SelfSigned rsa(Path folder) throws IOException, InterruptedException {
        return make(folder.resolve("rsa"), List.of("-newkey", "rsa:2048"));
    }

    static SelfSigned ecdsa(Path folder) throws IOException, InterruptedException {
        return make(folder.resolve("ecdsa"), List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"));
    }

    private static SelfSigned make(Path file, List<String> kind) throws IOException, InterruptedException {
        Path chain = file.resolveSibling(file.getFileName() + ".pem");
        Path key = file.resolveSibling(file.getFileName() + ".key");
        List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-days", "2", "-batch"));
        command.addAll(kind);
        command.addAll(List.of(
                "-subj",
                "/CN=bench",
                "-addext",
                "subjectAltName=DNS:bench.example.com,IP:127.0.0.1",
                "-keyout",
                key.toString(),
                "-out",
                chain.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("openssl failed: " + said);
        }
        return new SelfSigned(Files.readString(chain), Files.readString(key));
    }
}
