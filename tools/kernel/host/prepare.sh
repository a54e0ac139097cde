# shellcheck shell=sh disable=SC2034,SC2154
# What the host needs: programs, Debian's kernel unpacked in a cache folder, an initramfs with the modules of the guest.

# In this order they are loaded: crc32c before iscsi_tcp, or the login fails. st wants a buffer for the largest block we allow.
modules_at_start="virtio_pci virtio_net virtio_blk 9pnet_virtio 9p overlay ext4 crc32c_generic
scsi_mod sg st ch sd_mod iscsi_tcp xhci_pci usb-storage uas exfat vfat nls_utf8 nls_ascii nls_cp437"
# There for jobs that ask for them.
modules_on_demand="scsi_debug loop sr_mod virtio_scsi isofs udf"

prepare() {
  [ "$(uname -m)" = x86_64 ] || cannot "this needs an x86-64 machine"
  sh "$root/tools/setup" || die "tools/setup failed"
  install_programs
  cache=${TMPDIR:-/tmp}/strongroom-kernel-$(id -u)
  mkdir -p -m 700 "$cache"
  # The name can be guessed, so somebody else may have made it.
  if [ -L "$cache" ] || [ ! -O "$cache" ]; then die "$cache belongs to somebody else"; fi
  fetch_kernel
  make_initramfs
}

install_programs() {
  missing=''
  while read -r program package; do
    command -v "$program" >/dev/null 2>&1 || [ -x "/sbin/$program" ] || [ -x "/usr/sbin/$program" ] || missing="$missing $package"
  done <<'END'
qemu-system-x86_64 qemu-system-x86
cpio cpio
modprobe kmod
tgtd tgt
iscsid open-iscsi
mtx mtx
mt mt-st
stenc stenc
sg_inq sg3-utils
lsscsi lsscsi
mkfs.exfat exfatprogs
mkfs.ext4 e2fsprogs
rsync rsync
END
  PATH=$PATH:/usr/sbin:/sbin
  [ -n "$missing" ] || return 0
  [ "$(id -u)" = 0 ] || cannot "not here:$missing; as root: apt-get install$missing"
  echo "installing$missing"
  # An old list of packages is still a list: only the installation decides.
  apt-get update >"$T/apt.log" 2>&1 || true
  # shellcheck disable=SC2086 # a list of package names
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >>"$T/apt.log" 2>&1 ||
    { tail -n 20 "$T/apt.log" >&2; cannot "apt-get could not install$missing"; }
}

# fetch PACKAGE: unpacks a Debian package into the cache, without installing it; sets unpacked.
fetch() {
  unpacked=$cache/$1
  [ ! -d "$unpacked" ] || return 0
  echo "fetching $1"
  rm -rf "$cache/download" "$cache/unpacking"
  mkdir "$cache/download"
  (cd "$cache/download" && apt-get -qq download "$1" 2>"$T/apt.log") || { cat "$T/apt.log" >&2; cannot "cannot download $1"; }
  dpkg-deb -x "$cache/download"/*.deb "$cache/unpacking" || die "cannot unpack $1"
  rm -rf "$cache/download"
  mv "$cache/unpacking" "$unpacked"
}

fetch_kernel() {
  package=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)$/\1/p' | head -n 1)
  if [ -z "$package" ]; then
    apt-get update >"$T/apt.log" 2>&1 || true
    package=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)$/\1/p' | head -n 1)
  fi
  [ -n "$package" ] || cannot "apt-cache knows no linux-image-amd64; this needs Debian"
  kernel_version=${package#linux-image-}
  fetch busybox-static
  busybox=$unpacked/bin/busybox
  fetch "$package"
  kernel_tree=$unpacked
  kernel=$kernel_tree/boot/vmlinuz-$kernel_version
  [ -f "$kernel" ] || die "$package holds no kernel"
  [ -f "$kernel_tree/lib/modules/$kernel_version/modules.dep" ] || depmod -b "$kernel_tree" "$kernel_version" || die "depmod failed"
}

make_initramfs() {
  tree=$T/initramfs
  mkdir -p "$tree/bin" "$tree/lib/modules/$kernel_version"
  cp "$busybox" "$tree/bin/busybox"
  cp "$kernel_test/guest/init" "$tree/init"
  chmod 755 "$tree/init"
  echo "$modules_at_start" >"$tree/modules"
  for module in $modules_at_start $modules_on_demand; do
    modprobe -d "$kernel_tree" -S "$kernel_version" --show-depends "$module" 2>/dev/null ||
      echo "kernel-test: the kernel has no module $module" >&2
  done | sed -n "s|^insmod $kernel_tree/*\\([^ ]*\\).*|\\1|p" | sort -u >"$T/modules"
  [ -s "$T/modules" ] || die "no modules found"
  (cd "$kernel_tree" && cpio --quiet -pdm "$tree" <"$T/modules") || die "cannot copy the modules"
  find "$tree" -name '*.ko.xz' -exec unxz {} +
  cp "$kernel_tree/lib/modules/$kernel_version"/modules.builtin* "$kernel_tree/lib/modules/$kernel_version"/modules.order \
    "$tree/lib/modules/$kernel_version/"
  depmod -b "$tree" "$kernel_version" || die "depmod failed"
  (cd "$tree" && find . | cpio --quiet -o -H newc) >"$T/initramfs.cpio" || die "cannot make the initramfs"
}
