<?xml version="1.0" encoding="UTF-8"?>
<!-- Makes the domain of the integration tests from Payara's own: every port shifted, every listener on loopback. -->
<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">
  <xsl:param name="offset"/>
  <xsl:param name="home"/>
  <xsl:param name="password"/>
  <xsl:param name="url"/>

  <xsl:template match="@*|node()">
    <xsl:copy>
      <xsl:apply-templates select="@*|node()"/>
    </xsl:copy>
  </xsl:template>

  <xsl:template match="config[@name='server-config']//network-listener/@port | config[@name='server-config']//iiop-listener/@port | config[@name='server-config']//jmx-connector/@port | hazelcast-runtime-configuration/@start-port | hazelcast-runtime-configuration/@das-port">
    <xsl:attribute name="{name()}">
      <xsl:value-of select=". + $offset"/>
    </xsl:attribute>
  </xsl:template>

  <xsl:template match="config[@name='server-config']//network-listener">
    <network-listener address="127.0.0.1">
      <xsl:apply-templates select="@*|node()"/>
    </network-listener>
  </xsl:template>

  <xsl:template match="config[@name='server-config']//iiop-listener/@address | config[@name='server-config']//jmx-connector/@address">
    <xsl:attribute name="address">127.0.0.1</xsl:attribute>
  </xsl:template>

  <xsl:template match="config[@name='server-config']/hazelcast-config-specific-configuration">
    <hazelcast-config-specific-configuration enabled="false"/>
  </xsl:template>

  <!-- With it, H2 opens a port on every address as soon as an application has an EJB timer. -->
  <xsl:template match="jdbc-connection-pool/property[@name='URL']/@value[contains(., ';AUTO_SERVER=TRUE')]">
    <xsl:attribute name="value">
      <xsl:value-of select="substring-before(., ';AUTO_SERVER=TRUE')"/>
    </xsl:attribute>
  </xsl:template>

  <xsl:template match="config[@name='server-config']/java-config/jvm-options[starts-with(., '-Dosgi.shell.telnet.port=')]">
    <jvm-options>-Dosgi.shell.telnet.port=<xsl:value-of select="substring-after(., '=') + $offset"/></jvm-options>
  </xsl:template>

  <xsl:template match="config[@name='server-config']/java-config">
    <!-- Payara adds JMS where it is missing, and its listener knows no address but all of them. Nothing here uses it. -->
    <jms-service type="DISABLED" default-jms-host="default_JMS_host">
      <jms-host name="default_JMS_host" host="localhost" port="7676" lazy-init="true"/>
    </jms-service>
    <xsl:copy>
      <xsl:apply-templates select="@*|node()"/>
      <jvm-options>-Dvivarium.home=<xsl:value-of select="$home"/></jvm-options>
      <jvm-options>-Dvivarium.url=<xsl:value-of select="$url"/></jvm-options>
      <jvm-options>-Dvivarium.admin.password=<xsl:value-of select="$password"/></jvm-options>
    </xsl:copy>
  </xsl:template>
</xsl:stylesheet>
