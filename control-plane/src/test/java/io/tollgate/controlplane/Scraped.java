package io.tollgate.controlplane;

import static io.restassured.RestAssured.given;

/** What /q/metrics tells. */
public final class Scraped {
    private Scraped() {}

    /** Value of a series, written as in the text. */
    public static double figure(String series) {
        String text = given().get("/q/metrics").then().statusCode(200).extract().asString();
        return text.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no series " + series + " in " + text));
    }
}
