package org.amortis.bench.targets;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.amortis.array.DType;
import org.amortis.array.FormatException;
import org.amortis.array.HostArray;
import org.amortis.io.Checksum;
import org.amortis.io.Csv;
import org.amortis.mc.TargetMoments;

/** The embedded tables, with the checksums that they must have. */
enum TargetData {
    AUSTRALIAN("australian.csv", "814fb158c5a7a29060f017acebb5e73ff71223a59e519b9d459e5d7b01be91b7"),
    CANCER("breast_cancer_wdbc.csv", "810d31ccbad8454e41cc31d56cddb5eef9046df8613da0b18e5bc8f7ca2ce50c"),
    SERIES("brownian_lorenz_observations.csv", "61525451f397a91284fb5cf8b5474bcd11c1c270e2bfa210fed1be3c1a14546d"),
    CREDIT("german_credit_numeric.csv", "cd7d25e32eb5845f70533d4e481a46208ed0072f703317bc7f30f6a265aa8f9d"),
    GMM40_2("gmm40_means_2d.csv", "5ebfce4423976501b7da85ff4c16551836d1b5abbdaf9c3ca8217cff510edb4b"),
    GMM40_50("gmm40_means_50d.csv", "45077dff5a58fcec06b39ea2f3b538c2a7a0c506c7444510661e2e69a097d8a0"),
    IONOSPHERE("ionosphere.csv", "be03a8db3c29f115f12c096995fff629c384a5d9c0eca9e44b4c8307dac8d4a5"),
    MOMENTS_SEEDS("moments_seeds.csv", "feb52d2ca947a8370a9b0d2ff00918d69ecfbcceca88bcb618a557bd5cc6b024"),
    MOMENTS_SONAR("moments_sonar.csv", "476d9cbabfb3ac87a7294e34ddeaaec8ca432d511b330541f30849c8ff2aa620"),
    MOS10_2("mos10_locs_2d.csv", "386a33743e5c10a494c2cb4f88e0c01466042c621defcfb6c2b0a78b349dbeca"),
    MOS10_50("mos10_locs_50d.csv", "25bc5453b642afd36086f2804539dae1de37125c438afcf41bcedc2429b32969"),
    PINES_A("pines_a126.csv", "22168e730e6d8f9a2e0220aa55c17a6a0971842c4b6d2a77aec3717de83e93b3"),
    PINES_B("pines_b127.csv", "ab3b9851db328dbbff7deede1b12f7e7dc52004fb5b3032d4d9df886692ed040"),
    SEEDS("seeds.csv", "ee4c4f8f869076662a0318473afac9fcf42a2a029d54fe280ccf49ffe1c0dd87"),
    SONAR("sonar.csv", "4b2e2727434f8d6c8f020a233627c0630d099e58a336eb4bfb9f8916abba4ea2");

    private final String file;
    private final String sha256;

    TargetData(String file, String sha256) {
        this.file = file;
        this.sha256 = sha256;
    }

    /** The numbers, F64 [rows, columns]; missing ones are NaN. */
    HostArray read() {
        try (InputStream check = open();
                InputStream in = open()) {
            String found = Checksum.sha256(check);
            if (!found.equals(sha256)) {
                throw new FormatException(
                        file + " in the jar: sha256 is " + found + ", should be " + sha256 + "; build again");
            }
            return Csv.of(DType.F64).header().missingAsNaN().read(in, file).data();
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    /** Moments of coordinates: columns mean, std and their standard errors. */
    TargetMoments moments() {
        HostArray table = read();
        int d = table.shape().dim(0);
        HostArray[] columns = new HostArray[4];
        for (int j = 0; j < columns.length; j++) {
            double[] c = new double[d];
            for (int i = 0; i < d; i++) {
                c[i] = table.at(i, j);
            }
            columns[j] = HostArray.of(c);
        }
        return new TargetMoments(columns[0], columns[1], columns[2], columns[3]);
    }

    private InputStream open() {
        InputStream in = TargetData.class.getResourceAsStream(file);
        if (in == null) {
            throw new FormatException(file + ": missing from the jar; build again");
        }
        return in;
    }
}
