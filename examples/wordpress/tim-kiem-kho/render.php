<?php
// What a visitor gets: the element, and a form that works without scripts. Every value is escaped where it is written.
defined( 'ABSPATH' ) || exit;
$kho = untrailingslashit( esc_url( $attributes['api'], array( 'https', 'http' ) ) );
if ( '' === $kho ) {
	return;
}
?>
<div <?php echo get_block_wrapper_attributes(); ?>>
	<tim-kiem api="<?php echo $kho; ?>" mode="<?php echo esc_attr( $attributes['mode'] ); ?>">
		<form action="<?php echo $kho; ?>/tim-kiem" role="search">
			<label><?php esc_html_e( 'Tìm kiếm', 'tim-kiem-kho' ); ?> <input name="q" type="search"></label>
			<button><?php esc_html_e( 'Tìm', 'tim-kiem-kho' ); ?></button>
		</form>
	</tim-kiem>
</div>
<?php
wp_enqueue_script_module( 'searchapp-tim-kiem', $kho . '/embed/v1/tim-kiem.js' );
