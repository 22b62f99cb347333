package io.tollgate.controlplane;

import static io.restassured.RestAssured.given;

/** What /q/metrics tells. */
public final class Scraped {
    private Scraped() {}

    /** All of it. */
    public static String text() {
        return given().get("/q/metrics").then().statusCode(200).extract().asString();
    }

    /** Value of a series, written as in the text. */
    public static double figure(String series) {
        String text = text();
        return text.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no series " + series + " in " + text));
    }
}
