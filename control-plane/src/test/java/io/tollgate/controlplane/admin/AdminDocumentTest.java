package io.tollgate.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/admin.md: what it says about roles is what the contract says, and its lines for a shell do what they say. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class AdminDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "admin.md");
    private static final Pattern SHELL = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);
    private static final int SHELL_SECONDS_MAX = 60;

    @TestHTTPResource("/v1")
    URI api;

    @TempDir
    Path directory;

    @Test
    void roles_documented_areThoseOfTheContract() throws IOException {
        List<String> roles = List.of("admin", "operator", "auditor", "billing");
        assertThat(PublishedContract.read().roles()).containsExactlyInAnyOrderElementsOf(roles);
        List<String> expected = PublishedContract.read().operations().stream()
                .map(operation -> "| `%s %s` | %s |"
                        .formatted(
                                operation.method(),
                                operation.path(),
                                String.join(
                                        " | ",
                                        roles.stream()
                                                .map(role -> operation.roles().contains(role) ? "yes" : " ")
                                                .toList())))
                .toList();
        List<String> documented = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.contains(" /v1/") && line.startsWith("| `"))
                .toList();
        assertThat(documented).containsExactlyElementsOf(expected);
    }

    /** All in one shell, in their order, as somebody would who reads on; curl fails where the answer is no success. */
    @Test
    void lines_copiedIntoAShell_succeed() throws Exception {
        List<String> blocks = SHELL.matcher(Files.readString(DOCUMENT))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        assertThat(blocks).hasSizeGreaterThan(1);
        String script = "set -euxo pipefail\n"
                + String.join("", blocks)
                        .replace("http://127.0.0.1:9080/v1", api.toString())
                        .replace(
                                "var/admin-token",
                                AdminClient.home().resolve("admin-token").toString());
        Path said = directory.resolve("said");
        Process shell = new ProcessBuilder("bash", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(shell.waitFor(SHELL_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
            assertThat(shell.exitValue())
                    .as(Files.readString(said, StandardCharsets.UTF_8))
                    .isZero();
        } finally {
            shell.destroyForcibly();
        }
    }
}
