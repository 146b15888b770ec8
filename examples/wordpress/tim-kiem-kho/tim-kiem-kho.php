<?php
/**
 * Plugin Name: Tra cứu văn kiện
 * Description: Một khối cho trình soạn thảo: ô tìm kiếm của kho searchapp. A block with the search of an archive.
 * Version: 1.0.0
 * Requires at least: 6.5
 * Requires PHP: 7.4
 * License: GPL-3.0-or-later
 */

defined( 'ABSPATH' ) || exit;

add_action(
	'init',
	function () {
		register_block_type( __DIR__ );
	}
);
