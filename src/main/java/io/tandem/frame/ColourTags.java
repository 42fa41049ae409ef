package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.IntPointer;

/** Tells swscale the colours of a picture: range and matrix, by the tags that the decoder sets. */
final class ColourTags {
  private ColourTags() {}

  /**
   * Sets the colour range and matrix. By default swscale assumes limited range and BT.601. The
   * decoder sets both on the picture if it knows them, but does not mark grey JPEGs as full range,
   * although all grey images are.
   */
  static void apply(AVFrame picture, SwsContext sws) {
    IntPointer from = sws_getCoefficients(matrix(picture.colorspace()));
    IntPointer to = sws_getCoefficients(swscale.SWS_CS_DEFAULT);
    sws_setColorspaceDetails(sws, from, isFullRange(picture) ? 1 : 0, to, 1, 0, 1 << 16, 1 << 16);
  }

  private static boolean isFullRange(AVFrame picture) {
    boolean grey = av_pix_fmt_desc_get(picture.format()).nb_components() < 3;
    return picture.color_range() == avutil.AVCOL_RANGE_JPEG
        || (picture.color_range() == avutil.AVCOL_RANGE_UNSPECIFIED && grey);
  }

  private static int matrix(int colorspace) {
    return switch (colorspace) {
      case avutil.AVCOL_SPC_BT709 -> swscale.SWS_CS_ITU709;
      case avutil.AVCOL_SPC_BT2020_NCL, avutil.AVCOL_SPC_BT2020_CL -> swscale.SWS_CS_BT2020;
      case avutil.AVCOL_SPC_SMPTE240M -> swscale.SWS_CS_SMPTE240M;
      case avutil.AVCOL_SPC_FCC -> swscale.SWS_CS_FCC;
      default -> swscale.SWS_CS_DEFAULT;
    };
  }
}
