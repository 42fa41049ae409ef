<?xml version="1.0" encoding="UTF-8"?>
<!-- Takes from the flattened POM what users of the artifact must not get: the libraries inside the jar, which are
     optional in pom.xml, and profiles. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:m="http://maven.apache.org/POM/4.0.0">
  <xsl:output indent="yes"/>
  <xsl:strip-space elements="*"/>
  <xsl:template match="@*|node()">
    <xsl:copy>
      <xsl:apply-templates select="@*|node()"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="m:dependency[m:optional='true'] | m:profiles"/>
</xsl:stylesheet>
